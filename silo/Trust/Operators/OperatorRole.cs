namespace TrustMesh.Trust.Operators;

/// <summary>What a person may do; each role includes the ones before it.</summary>
public enum OperatorRole { Viewer = 1, Operator = 2, Admin = 3 }
