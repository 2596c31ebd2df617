using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Host.Operator;

/// <summary>Effects of a draft on all devices, counted, grouped by cause, and put into the words of the API.</summary>
internal static class PolicyReport
{
    private const int MostCauses = 100, MostCases = 1_000, MostFindings = 4;

    private static readonly string[] Order = ["fails", "passes", "changes", "unjudged"];

    public static PolicySimulation Of(PolicyView draft, long against, IReadOnlyList<PolicyEffect> effects, bool ranOut)
    {
        var counts = effects.CountBy(one => one.Effect).ToDictionary();
        var open = effects.Where(one => one.Effect != "same").ToList();
        var causes = open.GroupBy(one => (one.Effect, Check: one.Finding?.Check ?? "", Cause: Cause(one), Key: Key(one)))
            .Select(group => new PolicyCause(group.Key.Effect, group.Key.Check, group.Key.Cause, group.Count(), Query(group.Key.Key, group)))
            .OrderBy(cause => Array.IndexOf(Order, cause.Effect)).ThenByDescending(cause => cause.Count).ThenBy(cause => cause.Cause, StringComparer.Ordinal).Take(MostCauses);
        var cases = open.OrderBy(one => Array.IndexOf(Order, one.Effect)).ThenBy(one => one.Device.Name, StringComparer.Ordinal).Take(MostCases).Select(one => new PolicyCase(
            one.Device.Device.Text, one.Device.Name, one.Device.Site, one.Effect, TwinTransition.Text(one.Now), one.Then is { } then ? TwinTransition.Text(then) : null, Cause(one),
            [.. one.Because.Take(MostFindings).Select(DeviceView.Because)]));
        return new(
            draft, against, effects.Count, counts.GetValueOrDefault("same"), counts.GetValueOrDefault("fails"), counts.GetValueOrDefault("passes"), counts.GetValueOrDefault("changes"),
            counts.GetValueOrDefault("unjudged"), !ranOut, [.. causes], [.. cases]);
    }

    private static string Cause(PolicyEffect effect) => effect.Finding?.Claim ?? effect.Words;

    /// <summary>What all devices of a cause have in common, as a term of a query; null: nothing a query can ask.</summary>
    private static string? Key(PolicyEffect effect) => effect.Finding?.Check switch
    {
        "policy.tier" => $"tier:{Tiers.Text(effect.Device.Tier)}",
        "firmware.denied" when effect.Device.Firmware is { } firmware => $"fw:{firmware}",
        _ => null,
    };

    /// <summary>Finds the devices of a cause, and where there is no better way them and no others by their ids.</summary>
    private static string? Query(string? term, IEnumerable<PolicyEffect> group)
    {
        if (term is not null) return term;
        var ids = $"id:{string.Join(',', group.Take(FleetQuery.MostValues + 1).Select(one => one.Device.Device.Short))}";
        return FleetQuery.TryParse(ids, out _, out _) ? ids : null;
    }
}
