namespace TrustMesh.Wire.Messages;

/// <summary>What of the TLS connection is under the hash besides both public keys. PROTOCOL.md section 3.</summary>
public enum ChannelBindingType { None = 0, Finished = 1 }
