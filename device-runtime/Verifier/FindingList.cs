using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// Collects the findings of one verification. It counts what passed rather than looking for what failed: an empty list is not success
/// (attack A16), and a check that was skipped leaves the count short (attack A15).
/// </summary>
internal sealed class FindingList
{
    // A whole verification leaves some forty: room for them at once costs less than growing twice.
    private readonly List<Finding> passes = new(44);
    private List<Finding>? others;
    private int unlisted;
    private int outcomes;

    /// <summary>All findings so far.</summary>
    public int Count => passes.Count + (others?.Count ?? 0) + unlisted;

    public int PassCount => passes.Count;

    public bool AnyFailure => Has(Outcome.Fail);

    public void Pass(Check check) => Add(check.Passed);

    /// <summary>Passes if <paramref name="good"/>; <paramref name="got"/> is only asked for words otherwise.</summary>
    public bool Require(Check check, bool good, string got)
    {
        if (good) Pass(check);
        else Add(check.Failed(got));
        return good;
    }

    /// <summary>True if a finding ended so.</summary>
    public bool Has(Outcome outcome) => (outcomes & 1 << (int)outcome) != 0;

    public void Add(Finding finding)
    {
        outcomes |= 1 << (int)finding.Outcome;
        if (finding.Outcome == Outcome.Pass) passes.Add(finding);
        else if ((others ??= []).Count < Caps.FindingCount - 1) others.Add(finding);
        else unlisted++;
    }

    public void AddAll(IReadOnlyList<Finding> findings)
    {
        for (var i = 0; i < findings.Count; i++) Add(findings[i]);
    }

    /// <summary>Non-passes first, then passes; never more than <see cref="Caps.FindingCount"/>, and what is left out is counted.</summary>
    public IReadOnlyList<Finding> ToBecause()
    {
        // Nothing but passes: the list itself, which is not added to any more.
        if (others is null && passes.Count <= Caps.FindingCount) return passes;
        var listed = others?.Count ?? 0;
        var because = new Finding[Math.Min(listed + (unlisted > 0 ? 1 : 0) + passes.Count, Caps.FindingCount)];
        for (var i = 0; i < listed; i++) because[i] = others![i];
        var at = listed;
        if (unlisted > 0) because[at++] = new("because.length", "further findings", $"at most {Caps.FindingCount}", $"{unlisted} more that did not pass", "PROTOCOL.md 10", Outcome.Warn);
        for (var i = 0; at < because.Length; i++) because[at++] = passes[i];
        return because;
    }
}
