using System.Security.Cryptography;
using System.Text;
using TrustMesh.Wire;
using TrustMesh.Wire.Passkeys;

namespace TrustMesh.Verifier;

/// <summary>
/// Judges passkey ceremonies (WebAuthn 3, 7.1 and 7.2):
/// <list type="number">
/// <item><c>passkey.format</c> client data, attestation object and authenticator data, each in its form and size</item>
/// <item><c>passkey.type</c> the ceremony is the one asked for</item>
/// <item><c>passkey.challenge</c> one of ours, for this, still counting</item>
/// <item><c>passkey.origin</c> the page was ours</item>
/// <item><c>passkey.frame</c> and stood in no frame of another</item>
/// <item><c>passkey.rp</c> the authenticator signed for us</item>
/// <item><c>passkey.present</c> somebody was there</item>
/// <item><c>passkey.verified</c> whom the authenticator knew</item>
/// <item><c>passkey.backup</c> a key that could not be copied can not now (7.2, 19)</item>
/// <item><c>passkey.signature</c> made by the registered key with its own algorithm</item>
/// <item><c>passkey.counter</c> higher than ever before, where it counts: else somebody has a copy</item>
/// </list>
/// All checks are made, whatever fails first. Attestation is not judged: <c>none</c> is what is asked for. Pure and thread-safe.
/// </summary>
public static class PasskeyVerifier
{
    private static readonly Check
        Format = new("passkey.format", "ceremony", "client data and authenticator data in their forms", "WebAuthn 3, 7.1"),
        Type = new("passkey.type", "type", "the ceremony that was asked for", "WebAuthn 3, 7.1 step 7, 7.2 step 11"),
        Challenge = new("passkey.challenge", "challenge", "the one we gave", "WebAuthn 3, 7.1 step 8, 7.2 step 12"),
        Origin = new("passkey.origin", "origin", "ours", "WebAuthn 3, 7.1 step 9, 7.2 step 13"),
        Frame = new("passkey.frame", "crossOrigin", "false", "WebAuthn 3, 7.1 step 10, 7.2 step 14"),
        Party = new("passkey.rp", "rpIdHash", "of our name", "WebAuthn 3, 7.1 step 14, 7.2 step 15"),
        Present = new("passkey.present", "user present", "yes", "WebAuthn 3, 7.1 step 15, 7.2 step 16"),
        Verified = new("passkey.verified", "user verified", "yes", "WebAuthn 3, 7.1 step 16, 7.2 step 17"),
        Backup = new("passkey.backup", "backup eligible", "as registered", "WebAuthn 3, 7.2 step 19"),
        Signature = new("passkey.signature", "signature", "by the registered key", "WebAuthn 3, 7.2 step 21"),
        Counter = new("passkey.counter", "signature counter", "higher than before", "WebAuthn 3, 7.2 step 22");

    /// <summary>A new passkey.</summary>
    /// <param name="clientData">JSON as the browser gave it.</param>
    /// <param name="attestation">CBOR as the browser gave it.</param>
    public static Statement<VerifiedPasskey> Register(PasskeyExpectation expected, ReadOnlyMemory<byte> clientData, ReadOnlyMemory<byte> attestation) => Judge(findings =>
    {
        var client = ClientData.Decode(clientData);
        var data = AuthenticatorData.Decode(AttestationObject.Decode(attestation).AuthenticatorData);
        if (data.Credential is not { } credential) throw new WireException("authenticatorData", 32, "no credential");
        findings.Pass(Format);
        JudgeCeremony(findings, expected, client, data, "webauthn.create");
        return new VerifiedPasskey(client.Challenge, credential, data);
    });

    /// <summary>A known passkey at a sign-in.</summary>
    /// <param name="signature">ES256: DER; RS256: as long as the modulus.</param>
    public static Statement<VerifiedAssertion> Assert(
        PasskeyExpectation expected, KnownPasskey known, ReadOnlyMemory<byte> clientData, ReadOnlyMemory<byte> authenticatorData, ReadOnlyMemory<byte> signature) => Judge(findings =>
    {
        var client = ClientData.Decode(clientData);
        var data = AuthenticatorData.Decode(authenticatorData);
        if (signature.Length is 0 or > Caps.PasskeySignature) throw new WireException("signature", 0, $"{signature.Length} bytes, 1 to {Caps.PasskeySignature} allowed");
        findings.Pass(Format);
        JudgeCeremony(findings, expected, client, data, "webauthn.get");
        var eligible = data.Flags.HasFlag(AuthenticatorFlags.BackupEligible);
        findings.Require(Backup, eligible == known.BackupEligible, eligible ? "yes, and it was not" : "no, and it was");
        byte[] signed = [.. authenticatorData.Span, .. SHA256.HashData(clientData.Span)];
        findings.Require(Signature, IsSigned(known.Key, signed, signature.Span), "not by it");
        // Zero on both sides: an authenticator that does not count (synchronised passkeys).
        var counts = data.Counter != 0 || known.Counter != 0;
        findings.Require(Counter, !counts || data.Counter > known.Counter, $"{data.Counter} after {known.Counter}");
        return new VerifiedAssertion(client.Challenge, data.Counter, data.Flags.HasFlag(AuthenticatorFlags.BackedUp));
    });

    private static void JudgeCeremony(FindingList findings, PasskeyExpectation expected, ClientData client, AuthenticatorData data, string type)
    {
        findings.Require(Type, client.Type == type, client.Type);
        var wrong = expected.Challenge(client.Challenge);
        findings.Require(Challenge, wrong is null, wrong ?? "");
        findings.Require(Origin, client.Origin == expected.Origin, client.Origin);
        findings.Require(Frame, !client.CrossOrigin, "true");
        findings.Require(Party, data.RpIdHash.Span.SequenceEqual(SHA256.HashData(Encoding.UTF8.GetBytes(expected.RpId))), "of another");
        findings.Require(Present, data.Flags.HasFlag(AuthenticatorFlags.UserPresent), "no");
        findings.Require(Verified, data.Flags.HasFlag(AuthenticatorFlags.UserVerified), "no");
    }

    private static Statement<T> Judge<T>(Func<FindingList, T> judge) where T : class
    {
        var findings = new FindingList();
        try
        {
            var judged = judge(findings);
            return new(findings.AnyFailure ? null : judged, findings.ToBecause());
        }
        catch (WireException bad)
        {
            findings.Add(Format.Failed(bad.Message));
            return new(null, findings.ToBecause());
        }
    }

    private static bool IsSigned(PasskeyKey key, byte[] data, ReadOnlySpan<byte> signature)
    {
        try
        {
            if (key.Algorithm == PasskeyKey.Es256)
            {
                using var ec = ECDsa.Create();
                ec.ImportSubjectPublicKeyInfo(key.SubjectPublicKeyInfo.Span, out _);
                // One encoding of DER: a second one of the same signature is not accepted (attack A18).
                return ec.VerifyData(data, Wire.Log.DerSignature.Decode(signature.ToArray()), HashAlgorithmName.SHA256);
            }
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(key.SubjectPublicKeyInfo.Span, out _);
            return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (Exception bad) when (bad is CryptographicException or WireException)
        {
            // Not a signature at all is not a signature of this key either.
            return false;
        }
    }
}
