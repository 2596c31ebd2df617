namespace TrustMesh.Wire.Messages;

/// <summary>Which end of the TLS connection the attester is; under the hash, so that evidence cannot be reflected (attack A32).</summary>
public enum AttesterRole { TlsClient = 0, TlsServer = 1, Batch = 2 }
