using System.Security.Cryptography;
using TrustMesh.Agent.Statements;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>Memberships that others showed and the authority signed, each verified once: building a key costs more than using it. Thread-safe.</summary>
public sealed class PeerMembers(MeshStatements statements)
{
    /// <summary>Only what the authority signed gets in, so a stranger can not push members out; a mesh that is larger is verified more often.</summary>
    public const int MostMembers = 2048;

    private readonly Lock gate = new();
    private readonly Dictionary<DeviceId, (byte[] Digest, PeerMember Member)> known = [];

    /// <summary>The member this hello's membership names, or null and what is wrong with it.</summary>
    public PeerMember? Of(PeerHello hello, out string problem)
    {
        problem = "";
        var digest = SHA256.HashData(hello.Membership.Span);
        var now = statements.Now;
        lock (gate)
            if (known.TryGetValue(hello.Device, out var cached) && cached.Digest.AsSpan().SequenceEqual(digest) && cached.Member.Membership.ExpiresAt > now.ToUnixTimeSeconds()) return cached.Member;
        var statement = statements.Verifier.VerifyMembership(hello.Membership, now);
        if (statement.Accepted is not { } membership)
        {
            var failed = statement.Findings.First(finding => finding.Outcome != Outcome.Pass);
            problem = $"its membership is not good: {failed.Sentence}";
            return null;
        }
        if (membership.Device != hello.Device)
        {
            problem = $"its membership is another device's, {membership.Device.Short}…";
            return null;
        }
        return Keep(membership, digest, out problem);
    }

    /// <summary>The member as it was last seen, or null.</summary>
    public PeerMember? Find(DeviceId device)
    {
        lock (gate) return known.GetValueOrDefault(device).Member;
    }

    private PeerMember? Keep(Membership membership, byte[] digest, out string problem)
    {
        problem = "";
        try
        {
            var key = AttestationKey.FromSubjectPublicKeyInfo(membership.AttestationKey);
            var member = new PeerMember(membership, new(membership.Device, membership.EnrolmentId, membership.Tier, membership.Model, key, membership.Endorsement));
            lock (gate)
            {
                if (known.Count >= MostMembers) known.Remove(known.Keys.First());
                known[membership.Device] = (digest, member);
            }
            return member;
        }
        catch (WireException refused)
        {
            problem = $"its membership names a key that is not allowed: {refused.Message}";
            return null;
        }
    }
}
