namespace TrustMesh.Agent.Doctor;

/// <summary>How one check ended.</summary>
public enum CheckUpOutcome { Ok, Note, Fail }
