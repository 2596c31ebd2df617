namespace TrustMesh.Wire.Messages;

/// <summary>AR4SI trustworthiness tier of an appraisal; the value is the EAR status (draft-ietf-rats-ear).</summary>
public enum TrustTier { None = 0, Affirming = 2, Warning = 32, Contraindicated = 96 }
