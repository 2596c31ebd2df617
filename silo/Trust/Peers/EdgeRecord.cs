using System.Collections.Immutable;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Trust.Peers;

/// <summary>All that is kept of what one device says about another.</summary>
/// <param name="Verdict">The last one, and <paramref name="Signed"/> as it came.</param>
/// <param name="Change">The signed verdict that first had the present status: whoever accuses or acquits is named by a signature.</param>
/// <param name="Since">When its present opinion was first said.</param>
/// <param name="Rounds">Oldest first, at most <see cref="MostRounds"/>.</param>
/// <param name="Contradicted">Rounds in a row that a strict majority of the others contradicted.</param>
/// <param name="Outvoted">Of these, those in a row in which there were at least <see cref="Credibility.FewOthers"/> others.</param>
public sealed record EdgeRecord(PeerVerdict Verdict, ReadOnlyMemory<byte> Signed, ReadOnlyMemory<byte> Change, DateTimeOffset Since, ImmutableArray<PeerRound> Rounds, int Contradicted, int Outvoted)
{
    public const int MostRounds = 20;

    public DeviceId Subject => Verdict.Subject;

    public Opinion Opinion => HeldWord.Of(Verdict.Status);

    public DateTimeOffset IssuedAt => DateTimeOffset.FromUnixTimeSeconds(Verdict.IssuedAt);

    public DateTimeOffset ExpiresAt => DateTimeOffset.FromUnixTimeSeconds(Verdict.ExpiresAt);

    /// <summary>This edge after another verdict; null before is the first.</summary>
    public static EdgeRecord Next(EdgeRecord? before, PeerVerdict verdict, ReadOnlyMemory<byte> signed)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(verdict.IssuedAt);
        var round = new PeerRound(verdict.Sequence, at, verdict.Status, verdict.NonceAgeMs, verdict.Because.Count == 0 ? null : Reason(verdict));
        if (before is null) return new(verdict, signed, signed, at, [round], 0, 0);
        var rounds = before.Rounds.Length < MostRounds ? before.Rounds : before.Rounds.RemoveAt(0);
        return before with
        {
            Verdict = verdict, Signed = signed, Change = before.Verdict.Status == verdict.Status ? before.Change : signed,
            Since = before.Opinion == HeldWord.Of(verdict.Status) ? before.Since : at, Rounds = rounds.Add(round),
        };
    }

    /// <summary>The first finding that did not pass, in the words of a timeline; empty if all did.</summary>
    public static string Reason(PeerVerdict verdict)
        => verdict.Because.Count == 0 ? "" : Grammar.Fit($"{verdict.Because[0].Claim}: expected {verdict.Because[0].Expected}, got {verdict.Because[0].Got}");
}
