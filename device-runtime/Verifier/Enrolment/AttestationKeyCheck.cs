using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>
/// What a key offered as attestation key must be (TPM 2.0 Library part 1, 23 and part 2, 8.3; attacks A09, A10, A17):
/// <list type="number">
/// <item><c>ak.attributes</c> restricted, sign, not decrypt: it signs only what the TPM made, so that nobody signs a forged attestation with it;
/// fixedTPM, fixedParent, sensitiveDataOrigin: the TPM made it and it never leaves; userWithAuth and no adminWithPolicy, as profiled</item>
/// <item><c>ak.algorithm</c> P-256 or P-384 with ECDSA, RSA from 2048 bits with RSASSA or RSAPSS; SHA-256 or SHA-384; a scheme of its own</item>
/// </list>
/// Its Name is computed from these very bytes (<see cref="AttestationKey.Name"/>) and goes into the credential as a whole (A14).
/// </summary>
public static class AttestationKeyCheck
{
    private const TpmObjectAttributes Needed = TpmObjectAttributes.FixedTpm | TpmObjectAttributes.FixedParent | TpmObjectAttributes.SensitiveDataOrigin
        | TpmObjectAttributes.UserWithAuth | TpmObjectAttributes.Restricted | TpmObjectAttributes.SignEncrypt;

    private const TpmObjectAttributes Refused = TpmObjectAttributes.Decrypt | TpmObjectAttributes.AdminWithPolicy | TpmObjectAttributes.EncryptedDuplication;

    private static readonly Check Attributes = new("ak.attributes", "attestation key", "restricted, sign, fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth; not decrypt", "TPM 2.0 part 2, 8.3");
    private static readonly Check Algorithm = new("ak.algorithm", "attestation key", "P-256, P-384 or RSA from 2048 bits, with its own scheme over SHA-256 or SHA-384", "PROTOCOL.md 1");

    /// <summary>The key, if every check passed; findings either way.</summary>
    public static AttestationKey? Run(TpmPublic area, out IReadOnlyList<Finding> findings)
    {
        var list = new FindingList();
        var key = Run(area, list);
        findings = list.ToBecause();
        return key;
    }

    internal static AttestationKey? Run(TpmPublic area, FindingList findings)
    {
        var missing = Needed & ~area.Attributes;
        var excess = Refused & area.Attributes;
        var good = (missing, excess) == (TpmObjectAttributes.None, TpmObjectAttributes.None);
        findings.Require(Attributes, good, $"missing: {missing}; not allowed: {excess}");
        if (area.Scheme == TpmAlg.Null)
        {
            findings.Add(Algorithm.Failed("a key without a scheme"));
            return null;
        }
        try
        {
            var key = AttestationKey.FromTpmPublic(area);
            findings.Pass(Algorithm);
            return good ? key : null;
        }
        catch (WireException bad)
        {
            findings.Add(Algorithm.Failed(bad.Message));
            return null;
        }
    }
}
