using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Trust.Joining;

/// <summary>
/// Rules by which devices are let in without a person; a new mesh has none. They are read from the store for each device that joins, so that one that was removed
/// lets nobody in from then on, at any silo. Thread-safe.
/// </summary>
public sealed class ApprovalRules(IRecordStore store, TimeProvider time)
{
    /// <summary>Rules of one mesh (attack A42).</summary>
    public const int Most = 100;

    private const string Kind = "approval-rules", Id = "all";

    /// <summary>What can be asked of a device that joins. The others it has only later, and a rule about them would say nothing.</summary>
    private static readonly string[] Known = ["site", "model", "tier", "name", "id"];

    /// <summary>In their order.</summary>
    public async Task<IReadOnlyList<ApprovalRule>> ListAsync(CancellationToken cancellation) => (await ReadAsync(cancellation)).Rules.Rules;

    /// <summary>The query of a rule, or what is wrong with it.</summary>
    public static FleetQuery? Parse(string? text, out string wrong)
    {
        wrong = "";
        if (!FleetQuery.TryParse(text, out var query, out var problem)) wrong = problem.ToString();
        else if (query.IsEmpty) wrong = "A rule needs a query; an empty one would let everybody in.";
        else if (query.Terms.FirstOrDefault(term => term.Field is { } field && !Known.Contains(field.Name)) is { } late)
            wrong = $"Character {late.Start + 1}: nothing is known of \"{late.Field!.Name}\" while a device joins; a rule asks about {string.Join(", ", Known)}.";
        // A word is looked for anywhere, also in a name the device gave itself.
        else if (query.Terms.FirstOrDefault(term => term.Field is null) is { } word) wrong = $"Character {word.Start + 1}: say what the word is of, such as site: or model:.";
        return wrong.Length == 0 ? query : null;
    }

    /// <summary>Sets a rule. The caller has checked the name, and the query with <see cref="Parse"/>.</summary>
    /// <param name="place">From 1; null: where it is, or last.</param>
    public async Task<RuleChange> SetAsync(string name, FleetQuery query, bool verified, int? place, string by, CancellationToken cancellation, Telling<RuleChange>? tell = null)
    {
        var (version, stored) = await ReadAsync(cancellation);
        var before = stored.Rules.FirstOrDefault(rule => rule.Name == name);
        if (before is null && stored.Rules.Count >= Most) return new(null, null, $"A mesh keeps at most {Most} rules; remove one that nobody needs.");
        var rules = stored.Rules.Where(rule => rule.Name != name).ToList();
        if (place is < 1 || place > rules.Count + 1) return new(before, before, $"place must be 1 to {rules.Count + 1}.");
        var after = new ApprovalRule(name, query.Text.Trim(), verified, stored.Last + 1, by, time.GetUtcNow());
        var at = place - 1 ?? (before is null ? rules.Count : stored.Rules.ToList().IndexOf(before));
        rules.Insert(at, after);
        var change = new RuleChange(before, after);
        await WriteAsync(version, new(after.Version, rules), tell?.Invoke(change) ?? [], cancellation);
        return change;
    }

    /// <summary>Removes a rule; <see cref="RuleChange.Before"/> is null if there was none.</summary>
    public async Task<RuleChange> RemoveAsync(string name, CancellationToken cancellation, Telling<RuleChange>? tell = null)
    {
        var (version, stored) = await ReadAsync(cancellation);
        if (stored.Rules.FirstOrDefault(rule => rule.Name == name) is not { } before) return new(null, null);
        var change = new RuleChange(before, null);
        await WriteAsync(version, stored with { Rules = [.. stored.Rules.Where(rule => rule.Name != name)] }, tell?.Invoke(change) ?? [], cancellation);
        return change;
    }

    private async Task<(long Version, StoredRules Rules)> ReadAsync(CancellationToken cancellation)
        => await store.ReadAsync(Kind, Id, cancellation) is { } row ? (row.Version, JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredRules)!) : (0, new(0, []));

    private Task WriteAsync(long version, StoredRules rules, IReadOnlyList<TwinEvent> lines, CancellationToken cancellation)
        => store.ActAsync(Kind, Id, version, JsonSerializer.SerializeToUtf8Bytes(rules, TrustJson.Default.StoredRules), lines, cancellation);
}
