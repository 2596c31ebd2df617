using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Alerts;

/// <summary>The rules of a mesh: built-in ones, which can be switched off, and those people made. Rows, so that all silos have the same. Thread-safe.</summary>
/// <param name="isolated">Told kind, id and reason of a row that cannot be read.</param>
public sealed class AlertRuleBook(IRecordStore store, Action<string, string, string> isolated, TimeProvider time)
{
    private readonly AlertRows<StoredAlertRule> rows = new(store, "alert-rule", AlertJson.Default.StoredAlertRule, isolated);

    /// <summary>Built-in ones first, then by name.</summary>
    public async Task<IReadOnlyList<AlertRule>> ListAsync(CancellationToken cancellation)
    {
        var stored = (await rows.ListAsync(cancellation)).ToDictionary(row => row.Id, row => row.Value);
        return [.. AlertRule.BuiltIns.Select(rule => stored.Remove(rule.Name, out var change) ? Changed(rule, change) : rule), .. stored.Select(row => Rule(row.Key, row.Value)).OfType<AlertRule>().OrderBy(rule => rule.Name, StringComparer.Ordinal)];
    }

    public async Task<AlertRule?> FindAsync(string name, CancellationToken cancellation)
    {
        var (_, stored) = await rows.ReadAsync(name, cancellation);
        if (AlertRule.BuiltIns.FirstOrDefault(rule => rule.Name == name) is { } built) return stored is null ? built : Changed(built, stored);
        return stored is null ? null : Rule(name, stored);
    }

    /// <summary>Makes a rule, or changes one. Null if there are <see cref="AlertRule.Most"/> already. The caller has checked the values; what is null stays as it is.</summary>
    public async Task<AlertRule?> SaveAsync(string name, FleetQuery? query, string? severity, int? seconds, bool? enabled, string by, CancellationToken cancellation, Telling<AlertRule?>? tell = null)
    {
        var (version, before) = await rows.ReadAsync(name, cancellation);
        var built = AlertRule.BuiltIns.FirstOrDefault(rule => rule.Name == name);
        if (built is null && version == 0 && (await ListAsync(cancellation)).Count(rule => !rule.BuiltIn) >= AlertRule.Most) return null;
        var stored = built is not null ? new StoredAlertRule(null, null, 0, enabled ?? before?.Enabled ?? true, by, time.GetUtcNow())
            : new(query?.Text.Trim() ?? before?.Query, severity ?? before?.Severity ?? "warning", seconds ?? before?.ForSeconds ?? 0, enabled ?? before?.Enabled ?? true, by, time.GetUtcNow());
        var saved = built is not null ? Changed(built, stored) : Rule(name, stored);
        await rows.ActAsync(name, version, stored, tell?.Invoke(saved), cancellation);
        return saved;
    }

    /// <summary>False if there is none with that name that people made.</summary>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellation, Telling<string>? tell = null)
    {
        if (AlertRule.BuiltIns.Any(rule => rule.Name == name)) return false;
        var (version, _) = await rows.ReadAsync(name, cancellation);
        if (version == 0) return false;
        await rows.ActAsync(name, version, null, tell?.Invoke(name), cancellation);
        return true;
    }

    private static AlertRule Changed(AlertRule rule, StoredAlertRule stored) => rule with { Enabled = stored.Enabled, By = stored.By, At = stored.At };

    /// <summary>Null for a query of a newer silo's language, or the switch of a rule that is built into it: what is not understood fires nothing, here.</summary>
    private static AlertRule? Rule(string name, StoredAlertRule stored) => stored is { Query: { } text, Severity: { } severity } && FleetQuery.TryParse(text, out var query, out _) && !query.IsEmpty
        ? new(name, AlertSource.Query, query, severity, TimeSpan.FromSeconds(stored.ForSeconds), "devices the query finds", stored.Enabled, false, stored.By, stored.At) : null;
}
