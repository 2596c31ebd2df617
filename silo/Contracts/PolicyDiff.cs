using System.Globalization;

namespace TrustMesh.Contracts;

/// <summary>Compares two policies line by line, the same in the shell and on the page. A list has a line for each of its items.</summary>
public static class PolicyDiff
{
    /// <summary>What of the first is not in the second is removed, what is new is added; in the order of a policy's members, removed lines first.</summary>
    public static IReadOnlyList<PolicyDiffLine> Of(PolicyView from, PolicyView to)
    {
        var lines = new List<PolicyDiffLine>();
        foreach (var (before, after) in Lines(from).Zip(Lines(to)))
        {
            lines.AddRange(before.Values.Except(after.Values).Select(value => new PolicyDiffLine("removed", $"{before.Name}: {value}")));
            lines.AddRange(after.Values.Select(value => new PolicyDiffLine(before.Values.Contains(value) ? "same" : "added", $"{after.Name}: {value}")));
        }
        return lines;
    }

    /// <summary>Nothing but what an operator can change: a newer signature alone is no difference.</summary>
    private static IEnumerable<(string Name, IReadOnlyList<string> Values)> Lines(PolicyView policy)
    {
        yield return ("pcrs", [.. policy.Pcrs.Select(pcr => Text(pcr))]);
        yield return ("lifetimeSeconds", [Text(policy.LifetimeSeconds)]);
        yield return ("intervalSeconds", [Text(policy.IntervalSeconds)]);
        yield return ("tiers", policy.Tiers);
        yield return ("channelBindingRequired", [policy.ChannelBindingRequired ? "true" : "false"]);
        yield return ("mayChange", policy.MayChange);
        yield return ("deniedFirmware", policy.DeniedFirmware);
        yield return ("unknownFile", [policy.UnknownFile]);
        yield return ("graceSeconds", [Text(policy.GraceSeconds)]);
        yield return ("quorum", [Text(policy.Quorum)]);
        yield return ("peers", [Text(policy.Peers)]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
