using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>The policies of endorsement keys (TCG EK Credential Profile 2.5, annex B), for SHA-256 and SHA-384.</summary>
public static class EndorsementPolicy
{
    private static readonly byte[]
        a256 = Convert.FromHexString("837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa"),
        b256 = Convert.FromHexString("ca3d0a99a2b93906f7a3342414efcfb3a385d44cd1fd459089d19b5071c0b7a0"),
        c256 = Convert.FromHexString("3767e2edd43ff45a3a7e1eaefcef78643dca964632e7aad82c673a30d8633fde"),
        a384 = Convert.FromHexString("8bbf2266537c171cb56e403c4dc1d4b64f432611dc386e6f532050c3278c930e143e8bb1133824ccb431053871c6db53"),
        b384 = Convert.FromHexString("b26e7d28d11a50bc53d882bcf5fd3a1a074148bb35d3b4e4cb1c0ad9bde419cacb47ba09699646150f9fc000f3f80e12"),
        c384 = Convert.FromHexString("d6032ce61f2fb3c240eb3cf6a33237ef2b6a16f4293c22b455e261cffd217ad5b4947c2d73e63005eed2dc2b3593d165");

    /// <summary>PolicyA: TPM2_PolicySecret with the endorsement hierarchy's password.</summary>
    public static ReadOnlyMemory<byte> A(TpmAlg hash) => hash == TpmAlg.Sha384 ? a384 : a256;

    /// <summary>PolicyB: TPM2_PolicyOR of PolicyA and PolicyC.</summary>
    public static ReadOnlyMemory<byte> B(TpmAlg hash) => hash == TpmAlg.Sha384 ? b384 : b256;

    /// <summary>PolicyC: TPM2_PolicyAuthorizeNV with the index 0x01c07f01 (SHA-256) or 0x01c07f02 (SHA-384).</summary>
    public static ReadOnlyMemory<byte> C(TpmAlg hash) => hash == TpmAlg.Sha384 ? c384 : c256;
}
