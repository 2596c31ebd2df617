using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Directory;

namespace TrustMesh.Trust.Alerts;

/// <summary>Silences, ready to be asked.</summary>
internal sealed class Silencing(IReadOnlyList<SilenceView> silences)
{
    private readonly IReadOnlyList<(SilenceView Silence, FleetQuery Query)> all =
        [.. silences.Select(one => FleetQuery.TryParse(one.Query, out var query, out _) ? (one, query) : default).Where(one => one.query is not null)];

    /// <summary>One of them could be about this rule.</summary>
    public bool Concerns(string rule) => all.Any(one => one.Silence.Rule is null || one.Silence.Rule == rule);

    /// <summary>What covers every one of these devices, or the whole mesh where there are none: the one of those that ends first. Null if somebody is not covered.</summary>
    public SilenceView? Cover(string rule, IEnumerable<DeviceEntry> devices, bool whole, DateTimeOffset now)
    {
        var mine = all.Where(one => (one.Silence.Rule is null || one.Silence.Rule == rule) && one.Silence.Until > now).ToList();
        if (mine.Count == 0) return null;
        // About no device: only who named the rule and no devices can have meant it.
        if (whole) return mine.Select(one => one.Silence).FirstOrDefault(one => one.Rule == rule && one.Query is null);
        SilenceView? first = null;
        foreach (var device in devices)
        {
            var facts = device.Facts(now);
            var covering = mine.FirstOrDefault(one => one.Query.Matches(facts, now)).Silence;
            if (covering is null) return null;
            if (first is null || covering.Until < first.Until) first = covering;
        }
        return first;
    }
}
