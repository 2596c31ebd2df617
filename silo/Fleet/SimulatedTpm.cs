using System.Security.Cryptography;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Fleet;

/// <summary>
/// A fake: quotes in the exact format of a TPM, signed by a key in memory, because a load of thousands a second needs a signer that is
/// faster than a TPM. Correctness is tested with real TPMs elsewhere; here only the verifier's work counts, and that is the same.
/// </summary>
public sealed class SimulatedTpm : IDisposable
{
    private readonly ECDsa key;
    private readonly byte[] name;

    public SimulatedTpm() : this(ECDsa.Create(ECCurve.NamedCurves.nistP256))
    {
    }

    /// <param name="key">P-256; let go with the TPM.</param>
    public SimulatedTpm(ECDsa key)
    {
        this.key = key;
        var point = key.ExportParameters(false).Q;
        // TPMT_PUBLIC of a restricted P-256 signing key (part 2, 12.2.4).
        PublicArea = new TpmWriter()
            .Alg(TpmAlg.Ecc).Alg(TpmAlg.Sha256)
            .U32((uint)(TpmObjectAttributes.FixedTpm | TpmObjectAttributes.FixedParent | TpmObjectAttributes.SensitiveDataOrigin
                | TpmObjectAttributes.UserWithAuth | TpmObjectAttributes.Restricted | TpmObjectAttributes.SignEncrypt))
            .Sized([]).Alg(TpmAlg.Null).Alg(TpmAlg.EcDsa).Alg(TpmAlg.Sha256).U16((ushort)TpmCurve.P256).Alg(TpmAlg.Null)
            .Sized(point.X!).Sized(point.Y!).ToArray();
        name = TpmPublic.Decode(PublicArea).Name();
    }

    public byte[] PublicArea { get; }

    /// <summary>A quote over one register of the SHA-256 bank.</summary>
    /// <param name="clock">Milliseconds; must rise from quote to quote.</param>
    public QuoteEvidence Quote(byte[] extraData, int pcr, byte[] value, ulong clock)
    {
        var bitmap = new byte[3];
        bitmap[pcr / 8] = (byte)(1 << (pcr % 8));
        var attest = new TpmWriter()
            .U32(TpmAttest.Generated).U16(TpmAttest.Quote).Sized(name).Sized(extraData)
            .U64(clock).U32(1).U32(0).U8(1).U64(0x2024_0125_0012_0000)
            .U32(1).Alg(TpmAlg.Sha256).U8(3).Bytes(bitmap)
            .Sized(SHA256.HashData(value)).ToArray();
        var raw = key.SignData(attest, HashAlgorithmName.SHA256);
        var signature = new TpmWriter().Alg(TpmAlg.EcDsa).Alg(TpmAlg.Sha256).Sized(raw.AsSpan(0, 32)).Sized(raw.AsSpan(32)).ToArray();
        return new(attest, signature, [new PcrValue(pcr, value)]);
    }

    public void Dispose() => key.Dispose();
}
