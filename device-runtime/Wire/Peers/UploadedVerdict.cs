namespace TrustMesh.Wire.Peers;

/// <summary>A verdict as it is sent to the silo; unverified. PROTOCOL.md section 17.</summary>
/// <param name="Voucher">Index of the voucher of the session key that signed it.</param>
/// <param name="Signed">COSE_Sign1.</param>
public readonly record struct UploadedVerdict(int Voucher, ReadOnlyMemory<byte> Signed);
