namespace TrustMesh.Wire.Messages;

/// <summary>What people (or a quorum) decided about a device.</summary>
public enum Standing { Pending = 0, Active = 1, Suspended = 2, Revoked = 3 }
