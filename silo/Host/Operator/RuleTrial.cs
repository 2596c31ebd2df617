using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>
/// Asks approval rules about devices that wait and that joined lately, by the code that asks them when a device joins, over stored states and off any twin's turn.
/// What is held against a device is what is known now: who was revoked since counts too.
/// </summary>
public sealed class RuleTrial(Silo silo)
{
    /// <summary>Devices that joined and are tried, and devices that are listed of each kind (attack A42).</summary>
    public const int MostTried = 5_000, MostListed = 1_000;

    private const int AtOnce = 16;

    /// <param name="rules">In their order.</param>
    public async Task<ApprovalTestAnswer> RunAsync(IReadOnlyList<ApprovalRule> rules, TimeSpan since, CancellationToken cancellation)
    {
        var from = silo.Time.GetUtcNow() - since;
        var waiting = silo.Directory.Entries.Where(entry => entry.Standing == Standing.Pending).OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        var joined = silo.Directory.Entries.Where(entry => entry.Standing != Standing.Pending && entry.EnrolledAt >= from).OrderByDescending(entry => entry.EnrolledAt).ToList();
        var (first, second) = (await TryAsync(rules, waiting.Take(MostTried), cancellation), await TryAsync(rules, joined.Take(MostTried), cancellation));
        return new(Listed(first), Listed(second), In(first), In(second), waiting.Count, joined.Count);
    }

    private static int In(IEnumerable<ApprovalTrial> trials) => trials.Count(one => one.Would == "yes");

    private static IReadOnlyList<ApprovalTrial> Listed(IEnumerable<ApprovalTrial> trials) => [.. trials.OrderBy(one => one.Would switch { "yes" => 0, "unknown" => 1, _ => 2 }).Take(MostListed)];

    private async Task<IReadOnlyList<ApprovalTrial>> TryAsync(IReadOnlyList<ApprovalRule> rules, IEnumerable<DeviceEntry> entries, CancellationToken cancellation)
    {
        var asked = entries.ToList();
        var trials = new ApprovalTrial[asked.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, asked.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (at, stop) => trials[at] = await OneAsync(rules, asked[at], stop));
        return trials;
    }

    private async Task<ApprovalTrial> OneAsync(IReadOnlyList<ApprovalRule> rules, DeviceEntry entry, CancellationToken cancellation)
    {
        var trial = new ApprovalTrial(entry.Device.Text, entry.Name, entry.Site, entry.Model, Tiers.Text(entry.Tier), TwinTransition.Text(entry.Standing), entry.EnrolledAt, "no", null, null);
        if (await StateAsync(entry.Device, cancellation) is not { } state) return trial with { Would = "unknown", Why = "Its stored state cannot be read." };
        var enrolment = state.Enrolment;
        var verified = enrolment.Tier == AssuranceTier.TpmQuote ? await silo.Identities.IsVerifiedAsync(enrolment.Device, cancellation) : false;
        var ruling = await silo.Approvals.AskAsync(rules, enrolment, verified, state, cancellation);
        return trial with
        {
            Would = ruling.Rule is not null ? "yes" : ruling.Fits is not null && verified is null ? "unknown" : "no",
            Rule = (ruling.Rule ?? ruling.Fits)?.Name is { Length: > 0 } name ? name : null, Why = ruling.Why,
        };
    }

    private async Task<TwinState?> StateAsync(DeviceId device, CancellationToken cancellation)
    {
        try
        {
            return await silo.Place.TwinStore.LoadAsync(device, cancellation) is { } row ? TwinStateCodec.Decode(row.State, row.Version) : null;
        }
        catch (WireException)
        {
            // Attack A43: it is isolated and named elsewhere; here it is one that cannot be said anything about.
            return null;
        }
    }
}
