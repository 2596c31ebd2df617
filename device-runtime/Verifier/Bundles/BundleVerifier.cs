using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>
/// Repeats a verdict offline, with nothing but the bundle and the pin of the mesh authority (PROTOCOL.md section 11):
/// <list type="number">
/// <item><c>bundle.format</c> the bundle and what is in it parse</item>
/// <item><c>bundle.authority</c> the authority is the pinned one; without a pin the bundle's own is taken, and a warning says so</item>
/// <item><c>bundle.time</c> the time of acceptance leaves room for lifetimes</item>
/// <item><c>statement.*</c> membership, policy, reference values and result were signed by it and in force when the evidence was accepted</item>
/// <item><c>bundle.key</c> the attestation key is the one the membership names, and what an attestation key must be</item>
/// <item>the evidence, with the whole log of its boot instead of a tail, by <see cref="EvidenceVerifier"/> at the time of acceptance</item>
/// <item><c>bundle.result</c> what comes out is what the stored result says, field by field</item>
/// </list>
/// Two things stay the authority's word: counters of earlier evidence are not in a bundle (attack A20), and of the attestation key's public
/// area the membership names the key, not the attributes (A09). Pure and thread-safe.
/// </summary>
public static class BundleVerifier
{
    private static readonly Check Format = new("bundle.format", "bundle", "a bundle in its one encoding", "PROTOCOL.md 11");
    private static readonly Check Authority = new("bundle.authority", "mesh authority", "the pinned one", "PROTOCOL.md 3");
    private static readonly Check Time = new("bundle.time", "accepted at", "a time before the year 9900", "PROTOCOL.md 11");
    private static readonly Check Key = new("bundle.key", "attestation key", "the one the membership names", "PROTOCOL.md 9");

    /// <summary>Lifetimes are at most 2^31 seconds, and times end with the year 9999.</summary>
    private const long LatestAcceptance = Caps.LatestTime - 100L * 366 * 86_400;

    /// <param name="authorityPin">SHA-256 (32 bytes) of the authority's SubjectPublicKeyInfo; null to take the bundle's word for it.</param>
    public static BundleResult Verify(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte>? authorityPin)
    {
        var findings = new FindingList();
        try
        {
            var bundle = Bundle.Decode(bytes);
            findings.Pass(Format);
            if (!CheckAuthority(bundle, authorityPin, findings) || !findings.Require(Time, bundle.AcceptedAt <= LatestAcceptance, Words.Time(bundle.AcceptedAt))) return new(null, null, findings.ToBecause());
            var authority = new StatementVerifier(AttestationKey.FromSubjectPublicKeyInfo(bundle.Authority));
            return Repeat(bundle, authority, findings);
        }
        catch (WireException bad)
        {
            findings.Add(Format.Failed(bad.Message));
            return new(null, null, findings.ToBecause());
        }
    }

    private static bool CheckAuthority(Bundle bundle, ReadOnlyMemory<byte>? pin, FindingList findings)
    {
        var hash = SHA256.HashData(bundle.Authority.Span);
        if (pin is not { } pinned)
        {
            findings.Add(Authority.Ended(Outcome.Warn, $"{Words.Hex(hash)}, taken from the bundle itself; compare it with your mesh's"));
            return true;
        }
        if (CryptographicOperations.FixedTimeEquals(hash, pinned.Span)) findings.Pass(Authority);
        else findings.Add(Authority.Failed(Words.Hex(pinned.Span), Words.Hex(hash)));
        return !findings.AnyFailure;
    }

    private static BundleResult Repeat(Bundle bundle, StatementVerifier authority, FindingList findings)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(bundle.AcceptedAt);
        var membership = Accept(authority.VerifyMembership(bundle.Membership, at), findings);
        var policy = Accept(authority.VerifyPolicy(bundle.Policy, at), findings);
        var reference = bundle.ReferenceValues is { } signed ? Accept(authority.VerifyReference(signed, at, 0, membership?.Model), findings) : null;
        var stored = Accept(authority.VerifyResult(bundle.Result, at), findings);
        if (membership is null || policy is null || stored is null || findings.AnyFailure) return new(null, stored, findings.ToBecause());
        if (FindKey(bundle, membership, findings) is not { } key) return new(null, stored, findings.ToBecause());

        var device = new EnrolledDevice(membership.Device, membership.EnrolmentId, membership.Tier, membership.Model, key, membership.Endorsement);
        var evidence = Evidence.Decode(bundle.Evidence);
        // The log is not signed but replayed; from scratch it takes all of it.
        var whole = evidence with { Log = evidence.Log with { From = 0, Entries = bundle.Log } };
        var result = EvidenceVerifier.Verify(whole, bundle.Evidence, ChallengeLeaf.Decode(bundle.Leaf), bundle.SessionKey, device, AttesterState.None, policy, reference, at);
        if (result.Verified is null)
        {
            findings.AddAll(result.Findings);
            return new(null, stored, findings.ToBecause());
        }
        StoredResultCheck.Run(EarWriter.Write(result.Verified), stored, bundle.AcceptedAt, findings);
        return new(findings.AnyFailure ? null : result.Verified, stored, findings.ToBecause());
    }

    private static AttestationKey? FindKey(Bundle bundle, Membership membership, FindingList findings)
    {
        var quoted = membership.Tier == AssuranceTier.TpmQuote;
        var key = quoted ? AttestationKeyCheck.Run(TpmPublic.Decode(bundle.AttestationKey), findings) : AttestationKey.FromSubjectPublicKeyInfo(membership.AttestationKey);
        if (key is null) return null;
        return findings.Require(Key, key.SubjectPublicKeyInfo.Span.SequenceEqual(membership.AttestationKey.Span), "another key") ? key : null;
    }

    private static T? Accept<T>(Statement<T> statement, FindingList findings) where T : class
    {
        findings.AddAll(statement.Findings);
        return statement.Accepted;
    }
}
