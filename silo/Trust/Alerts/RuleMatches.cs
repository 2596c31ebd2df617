using System.Diagnostics.CodeAnalysis;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Alerts;

/// <summary>
/// Who matches one rule, since when, and for what cause. What a device costs here is one entry while it matches and nothing while it does not. Not thread-safe.
/// </summary>
public sealed class RuleMatches(AlertRule rule)
{
    /// <summary>Causes that are told apart; the rest is one (attack A42).</summary>
    public const int MostCauses = 25;

    private readonly Dictionary<DeviceId, Match> matches = [];
    private readonly Dictionary<string, AlertGroup> groups = [];

    /// <summary>Who matches and does not count yet, by when it began: all wait for the same time, so the first in is the first out.</summary>
    private readonly Queue<(DeviceId Device, DateTimeOffset Since)> ripening = new();

    public AlertRule Rule { get; private set; } = rule;

    public IEnumerable<AlertGroup> Groups => groups.Values;

    /// <summary>Only words of the rule changed.</summary>
    public void Rename(AlertRule rule)
    {
        Rule = rule;
        foreach (var group in groups.Values) group.Rule = rule;
    }

    /// <summary>The device matches.</summary>
    /// <param name="held">It is known to have done so for long enough.</param>
    public void Add(DeviceId device, AlertCause cause, DateTimeOffset now, bool held)
    {
        if (matches.TryGetValue(device, out var match))
        {
            if (match.Cause == cause) return;
            // The device goes on matching: only what it counts for is another.
            Leave(device, match);
            match = match with { Cause = cause };
        }
        else match = new(cause, now, held || Rule.For == TimeSpan.Zero, null);
        if (match.Counts) match = match with { Group = Join(device, cause) };
        else if (match.Since == now) ripening.Enqueue((device, now));
        matches[device] = match;
    }

    public void Remove(DeviceId device)
    {
        if (matches.Remove(device, out var match)) Leave(device, match);
    }

    /// <summary>The mesh as a whole is concerned, or no longer.</summary>
    public void Concern(AlertCause cause, bool whole)
    {
        if (!TryGroup(cause, out var group) && (!whole || !TryMake(cause, out group)) || group.Whole == whole) return;
        (group.Whole, group.Changed) = (whole, true);
    }

    /// <summary>These concern the mesh as a whole, and no others.</summary>
    public void Concern(IReadOnlyList<AlertCause> causes)
    {
        // What goes makes room for what comes with the next look.
        foreach (var group in groups.Values.Where(group => group.Whole && !causes.Contains(group.Cause) && (group.Cause != AlertCause.Other || causes.Count < MostCauses)).ToList()) Concern(group.Cause, false);
        foreach (var cause in causes.Take(causes.Count < MostCauses ? MostCauses : MostCauses - 1)) Concern(cause, true);
        if (causes.Count >= MostCauses) Concern(AlertCause.Other, true);
    }

    /// <summary>Whoever has matched for long enough counts from now on.</summary>
    public void Ripen(DateTimeOffset now)
    {
        while (ripening.TryPeek(out var first) && now - first.Since >= Rule.For)
        {
            ripening.Dequeue();
            // It may have stopped meanwhile, or stopped and begun again: then it stands further back, too.
            if (!matches.TryGetValue(first.Device, out var match) || match.Counts || match.Since != first.Since) continue;
            matches[first.Device] = match with { Counts = true, Group = Join(first.Device, match.Cause) };
        }
    }

    /// <summary>Groups nobody is in any more and that were looked at are forgotten.</summary>
    public void Forget()
    {
        foreach (var (text, group) in groups)
            if (group is { IsEmpty: true, Changed: false }) groups.Remove(text);
    }

    private AlertGroup Join(DeviceId device, AlertCause cause)
    {
        if (!TryGroup(cause, out var group) && !TryMake(cause, out group) && !TryGroup(AlertCause.Other, out group))
            groups.Add(AlertCause.Other.Text, group = new(Rule, AlertCause.Other));
        group.Members.Add(device);
        group.Changed = true;
        return group;
    }

    private static void Leave(DeviceId device, Match match)
    {
        if (match.Group is not { } group) return;
        group.Members.Remove(device);
        group.Changed = true;
    }

    private bool TryGroup(AlertCause cause, [NotNullWhen(true)] out AlertGroup? group) => groups.TryGetValue(cause.Text, out group);

    private bool TryMake(AlertCause cause, [NotNullWhen(true)] out AlertGroup? group)
    {
        group = groups.Count < MostCauses ? new(Rule, cause) : null;
        if (group is not null) groups.Add(cause.Text, group);
        return group is not null;
    }

    /// <param name="Counts">It has matched for long enough, and is in <paramref name="Group"/>.</param>
    private readonly record struct Match(AlertCause Cause, DateTimeOffset Since, bool Counts, AlertGroup? Group);
}
