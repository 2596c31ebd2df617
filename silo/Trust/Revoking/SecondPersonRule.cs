using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Revoking;

/// <summary>
/// How many devices one person may revoke alone within some hours, in one act or in many: what is more waits for a second person. Counted for each person by
/// compare-and-swap at every silo together, so that neither many small acts nor two at once get round it. It is against slips and against one stolen session;
/// an admin can change the rule or let in a second name, and the log says so. Without a rule nothing is counted. Thread-safe.
/// </summary>
public sealed class SecondPersonRule(IRecordStore store, TimeProvider time)
{
    public const int MostAlone = 1000, MostHours = 168;

    /// <summary>What somebody is told who revokes one by one and has none left.</summary>
    public const string NotAlone = "You have revoked as many devices alone as one person may for now. A second person has to approve this one: ask with Revoke devices in the dashboard, trustmesh device revoke --query, or POST /api/v1/revocations.";

    /// <summary>What a machine is told where there is a rule: it would be a person's second hand, and have an allowance of its own.</summary>
    public const string NotMachines = "This mesh counts how many devices one person revokes alone, and an API token is no person: it cannot revoke here. It may suspend, and a person revokes.";

    private const string RuleKind = "revocation-rule", AloneKind = "revocation-alone", Current = "current";
    private static readonly StoredRule None = new(null, 24);

    /// <param name="name">Of whoever asks.</param>
    public async Task<RevocationRule> ReadAsync(string name, CancellationToken cancellation)
    {
        var (rule, _) = await RuleAsync(cancellation);
        return new(rule.MoreThan, rule.Hours, await LeftAsync(name, cancellation));
    }

    /// <summary>Sets it; before and after in words.</summary>
    public async Task<(string Before, string After)> SetAsync(int? moreThan, int hours, CancellationToken cancellation, Telling<(string Before, string After)>? tell = null)
    {
        var (before, version) = await RuleAsync(cancellation);
        var after = new StoredRule(moreThan, hours);
        var words = (Words(before), Words(after));
        await store.ActAsync(RuleKind, Current, version, JsonSerializer.SerializeToUtf8Bytes(after, TrustJson.Default.StoredRule), tell?.Invoke(words) ?? [], cancellation);
        return words;
    }

    /// <summary>How many this person may still revoke alone; null: any number.</summary>
    public async Task<int?> LeftAsync(string name, CancellationToken cancellation)
    {
        if (await RuleAsync(cancellation) is not ({ MoreThan: { } most } rule, _)) return null;
        var (takings, _) = await TakenAsync(name, rule, cancellation);
        return Math.Max(0, most - takings.Sum(one => one.Count));
    }

    /// <summary>Takes so many of what the person may revoke alone: all of them, or none and false.</summary>
    public async Task<bool> TryTakeAsync(string name, int count, CancellationToken cancellation)
    {
        if (count == 0) return true;
        while (true)
        {
            if (await RuleAsync(cancellation) is not ({ MoreThan: { } most } rule, _)) return true;
            var (takings, version) = await TakenAsync(name, rule, cancellation);
            if (takings.Sum(one => one.Count) + count > most) return false;
            if (await TryWriteAsync(name, version, [.. takings, new(time.GetUtcNow(), count)], cancellation)) return true;
        }
    }

    /// <summary>Gives one back that was taken and came to nothing.</summary>
    public async Task GiveBackAsync(string name, CancellationToken cancellation)
    {
        while (true)
        {
            if (await RuleAsync(cancellation) is not ({ MoreThan: not null } rule, _)) return;
            var (takings, version) = await TakenAsync(name, rule, cancellation);
            if (takings.FindLastIndex(one => one.Count == 1) is var at && at < 0) return;
            takings.RemoveAt(at);
            if (await TryWriteAsync(name, version, takings, cancellation)) return;
        }
    }

    /// <summary>Such as <c>after 5 devices within 24 h</c>.</summary>
    private static string Words(StoredRule rule) => rule.MoreThan is { } most ? $"needed after {most} devices within {rule.Hours} h" : "not needed";

    private async Task<(StoredRule Rule, long Version)> RuleAsync(CancellationToken cancellation)
        => await store.ReadAsync(RuleKind, Current, cancellation) is { } row ? (JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredRule)!, row.Version) : (None, 0);

    private async Task<(List<StoredTaking> Takings, long Version)> TakenAsync(string name, StoredRule rule, CancellationToken cancellation)
    {
        if (await store.ReadAsync(AloneKind, Secret.Hash(name), cancellation) is not { } row) return ([], 0);
        var since = time.GetUtcNow().AddHours(-rule.Hours);
        return ([.. JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredAlone)!.Takings.Where(one => one.At > since)], row.Version);
    }

    private async Task<bool> TryWriteAsync(string name, long version, IReadOnlyList<StoredTaking> takings, CancellationToken cancellation)
    {
        try
        {
            await store.WriteAsync(AloneKind, Secret.Hash(name), version, JsonSerializer.SerializeToUtf8Bytes(new(takings), TrustJson.Default.StoredAlone), cancellation);
            return true;
        }
        catch (StaleRecordException)
        {
            // The same person, at the same moment: count again.
            return false;
        }
    }
}
