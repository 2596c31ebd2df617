using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Silo;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Life;

/// <summary>What the device keeps of what it was told: its membership, on disk as the authority signed it, and the silo's last verdict, for people.</summary>
public sealed class KeptStatements(ReadOnlyMemory<byte> authorityKey, DeviceId self, StateDirectory files, TimeProvider time, ILogger log)
{
    public const string MembershipFile = "membership.cbor";

    private readonly SiloStatements door = new(authorityKey, self);
    private string ignored = "";

    /// <summary>none, affirming, warning, contraindicated; null before the first verdict that could be believed.</summary>
    public string? Verdict { get; private set; }

    /// <summary>Stores a membership that is ours and new; anything else is told and left.</summary>
    public void Keep(ReadOnlyMemory<byte>? statement)
    {
        if (statement is not { } signed) return;
        if (door.Membership(signed, time.GetUtcNow(), out var problem) is not { } member)
        {
            log.StatementIgnored(problem);
            return;
        }
        if (files.Read(MembershipFile) is { } before && before.AsSpan().SequenceEqual(signed.Span)) return;
        files.Replace(MembershipFile, signed.Span);
        log.MembershipStored(member.Name, DateTimeOffset.FromUnixTimeSeconds(member.ExpiresAt));
    }

    /// <summary>Takes note of a verdict; says so when it is another than before.</summary>
    public void Note(ReadOnlyMemory<byte> statement)
    {
        var verdict = door.Result(statement, time.GetUtcNow(), out var problem);
        if (problem != ignored && problem.Length > 0) log.StatementIgnored(problem);
        ignored = problem;
        var word = verdict?.Status.ToString().ToLowerInvariant();
        if (word == Verdict) return;
        Verdict = word;
        if (verdict is null or { Status: TrustTier.Affirming }) log.Verdict(word ?? "unknown");
        else log.VerdictTrouble(word!, string.Join("; ", verdict.Because.Where(finding => finding.Outcome != Outcome.Pass).Take(3).Select(finding => $"{finding.Check} {finding.Claim}: expected {finding.Expected}, got {finding.Got}")));
    }
}
