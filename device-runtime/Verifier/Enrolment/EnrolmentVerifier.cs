using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>
/// Examines a request to join (PROTOCOL.md section 7), before any challenge is made:
/// <list type="number">
/// <item><c>enrol.format</c> the keys parse (attack A18)</item>
/// <item><c>ek.attributes</c>, <c>ek.strength</c> the root is a restricted decryption key of the TPM, not known to be weak (A17, A19)</item>
/// <item><c>ek.*</c> who endorsed it (<see cref="EndorsementChain"/>)</item>
/// <item><c>ak.*</c> the attestation key is what it must be (<see cref="AttestationKeyCheck"/>, A09, A10)</item>
/// <item><c>token.*</c> what a PKCS#11 token says of its key (<see cref="TokenCheck"/>, A10)</item>
/// <item><c>root.protection</c> for other roots: that hardware holds the key is the device's own word, and the finding says whose and what</item>
/// </list>
/// Pure and thread-safe.
/// </summary>
public sealed class EnrolmentVerifier(EndorsementRoots roots)
{
    private const TpmObjectAttributes Needed = TpmObjectAttributes.FixedTpm | TpmObjectAttributes.FixedParent | TpmObjectAttributes.SensitiveDataOrigin
        | TpmObjectAttributes.Restricted | TpmObjectAttributes.Decrypt;

    private static readonly Check Format = new("enrol.format", "keys", "public keys in their one encoding, of an allowed algorithm", "PROTOCOL.md 7");
    private static readonly Check Attributes = new("ek.attributes", "endorsement key", "restricted, decrypt, fixedTPM, fixedParent, sensitiveDataOrigin; not sign", "TCG EK Credential Profile 2.1.5");
    private static readonly Check Strength = new("ek.strength", "endorsement key", "P-256, P-384 or RSA from 2048 bits, not known to be weak", "CVE-2017-15361");
    private static readonly Check AkStrength = new("ak.strength", "attestation key", "not known to be weak", "CVE-2017-15361");
    private static readonly Check Protection = new("root.protection", "root key", "proven to be in hardware", "design 3: tiers are never blended");

    public EnrolmentExamination Examine(EnrolRequest request, DateTimeOffset now)
    {
        var findings = new FindingList();
        EnrolmentCandidate? candidate = null;
        try
        {
            candidate = request.Root == RootKind.Tpm ? ExamineTpm(request, now, findings) : ExamineKey(request, findings);
            findings.Pass(Format);
        }
        catch (WireException bad)
        {
            findings.Add(Format.Failed(bad.Message));
        }
        return new(findings.AnyFailure ? null : candidate, findings.ToBecause());
    }

    private EnrolmentCandidate? ExamineTpm(EnrolRequest request, DateTimeOffset now, FindingList findings)
    {
        var root = TpmPublic.Decode(request.RootPublic);
        var area = TpmPublic.Decode(request.AttestationKey);
        KeyAlgorithms.Require(root.Type, root.KeyBits, root.Exponent);
        RequirePoint(root);
        var excess = root.Attributes & TpmObjectAttributes.SignEncrypt;
        findings.Require(Attributes, (root.Attributes & Needed) == Needed && excess == 0, $"missing: {Needed & ~root.Attributes}; not allowed: {excess}");
        findings.Require(Strength, !RocaFingerprint.Matches(root.Modulus.Span), "an RSA key with the ROCA fingerprint, whose private key can be computed; update the TPM's firmware and make a new EK");
        findings.Require(AkStrength, !RocaFingerprint.Matches(area.Modulus.Span), "an RSA key with the ROCA fingerprint, whose private key can be computed");
        var endorsement = EndorsementChain.Run(root, request.Certificates, roots, now, findings);
        if (AttestationKeyCheck.Run(area, findings) is not { } key) return null;
        return new() { Device = DeviceId.FromRootKey(root.ToSubjectPublicKeyInfo()), Tier = AssuranceTier.TpmQuote, Key = key, EndorsementKey = root, Endorsement = endorsement };
    }

    /// <summary>A point off its curve would only be found when the credential is made, and that is too late for a finding.</summary>
    private static void RequirePoint(TpmPublic root)
    {
        if (root.Type != TpmAlg.Ecc) return;
        try
        {
            using var key = ECDiffieHellman.Create();
            key.ImportSubjectPublicKeyInfo(root.ToSubjectPublicKeyInfo(), out _);
        }
        catch (CryptographicException refused)
        {
            throw new WireException("endorsement key", 0, $"not a usable key: {refused.Message}");
        }
    }

    private static EnrolmentCandidate ExamineKey(EnrolRequest request, FindingList findings)
    {
        var key = AttestationKey.FromSubjectPublicKeyInfo(request.RootPublic);
        if (key.Thumbprint.IsEmpty) throw new WireException("root public", 0, $"{key.Algorithm}, an identity key is P-256");
        var known = request.Root switch
        {
            RootKind.Software => "software key, nobody endorses it",
            RootKind.Pkcs11 => TokenCheck.Run(request.Facts, findings),
            _ => $"{request.Root} key, nobody endorses it",
        };
        findings.Add(Protection.Ended(Outcome.Warn, request.Root switch
        {
            RootKind.Software => "a software key, which can be copied",
            // Certificates a token may hold are not judged: the vendors an operator configured are makers of TPMs, whose word about a token is none.
            RootKind.Pkcs11 => $"{known}; nobody endorses it, so who approves takes it on that",
            _ => "the device says so and can not prove it",
        }));
        return new()
        {
            Device = DeviceId.FromRootKey(request.RootPublic.Span),
            Tier = request.Root == RootKind.Software ? AssuranceTier.Software : AssuranceTier.HardwareKey,
            Key = key,
            EndorsementKey = null,
            Endorsement = new(false, known, []),
        };
    }
}
