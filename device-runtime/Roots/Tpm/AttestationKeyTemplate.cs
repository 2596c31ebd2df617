using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>The attestation key: restricted ECDSA P-256 with SHA-256, born in the TPM and never leaving it (attacks A09, A10).</summary>
internal static class AttestationKeyTemplate
{
    /// <summary>noDA: somebody else's wrong passwords must not silence attestation.</summary>
    internal const TpmObjectAttributes Attributes = TpmObjectAttributes.FixedTpm | TpmObjectAttributes.FixedParent
        | TpmObjectAttributes.SensitiveDataOrigin | TpmObjectAttributes.UserWithAuth | TpmObjectAttributes.NoDa
        | TpmObjectAttributes.Restricted | TpmObjectAttributes.SignEncrypt;

    /// <summary>TPMT_PUBLIC with an empty point.</summary>
    internal static byte[] Public { get; } = new TpmWriter().Alg(TpmAlg.Ecc).Alg(TpmAlg.Sha256).U32((uint)Attributes).Sized([])
        .Alg(TpmAlg.Null).Alg(TpmAlg.EcDsa).Alg(TpmAlg.Sha256).U16((ushort)TpmCurve.P256).Alg(TpmAlg.Null).Sized([]).Sized([]).ToArray();
}
