namespace TrustMesh.Wire.Peers;

/// <summary>What a status list says of a device (draft-ietf-oauth-status-list, 7.1). 3 is application specific and not used.</summary>
public enum StatusValue { Valid = 0, Invalid = 1, Suspended = 2, Application = 3 }
