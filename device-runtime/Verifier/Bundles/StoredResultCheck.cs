using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>A stored result against the one made again: every field, each with its own finding, because each could be the lie (attack A15).</summary>
internal static class StoredResultCheck
{
    private const string Rule = "PROTOCOL.md 10 and 11";

    public static void Run(AttestationResult repeated, AttestationResult stored, long acceptedAt, FindingList findings)
    {
        Same("device", repeated.Device.Text, stored.Device.Text, findings);
        Same("tier", repeated.Tier.ToString(), stored.Tier.ToString(), findings);
        Same("status", repeated.Status.ToString(), stored.Status.ToString(), findings);
        Same("vector", Vector(repeated.Vector), Vector(stored.Vector), findings);
        Same("policy", $"{repeated.PolicyId} #{repeated.PolicySerial}", $"{stored.PolicyId} #{stored.PolicySerial}", findings);
        Same("reference", $"#{repeated.ReferenceSerial}", $"#{stored.ReferenceSerial}", findings);
        Same("boot", $"{repeated.Boot}", $"{stored.Boot}", findings);
        Same("session key", Words.Hex(repeated.SessionKeyThumbprint.Span), Words.Hex(stored.SessionKeyThumbprint.Span), findings);
        Same("challenge", Words.Hex(repeated.Challenge.Span), Words.Hex(stored.Challenge.Span), findings);
        Same("evidence digest", Words.Hex(repeated.EvidenceDigest.Span), Words.Hex(stored.EvidenceDigest.Span), findings);
        Same("issued at", Words.Time(acceptedAt), Words.Time(stored.IssuedAt), findings);
        Same("expires at", Words.Time(repeated.ExpiresAt), Words.Time(stored.ExpiresAt), findings);
    }

    private static void Same(string claim, string repeated, string stored, FindingList findings)
        => findings.Add(new("bundle.result", claim, repeated, stored, Rule, repeated == stored ? Outcome.Pass : Outcome.Fail));

    private static string Vector(IReadOnlyDictionary<int, int> vector)
        => string.Join(' ', vector.OrderBy(one => one.Key).Select(one => $"{one.Key}:{one.Value}"));
}
