using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Alerts;

/// <summary>What devices of one alert have in common.</summary>
/// <param name="Text">For people; with it and its rule the alert is known while it is open.</param>
/// <param name="Site">Where it is a site; null otherwise. Likewise <paramref name="Silo"/>.</param>
public readonly record struct AlertCause(string Text, string? Site, string? Silo = null)
{
    /// <summary>
    /// For what is beyond the causes a rule tells apart: a device chooses the names of its files, and a thousand names must not be a thousand alerts (attack A42).
    /// </summary>
    public static AlertCause Other { get; } = new("other causes", null);

    /// <summary>Of a log that takes no lines.</summary>
    public static AlertCause Log { get; } = new("the mesh's log cannot be written", null);

    /// <summary>
    /// The first claim that its verdict faults: what broke at once at many devices broke for one reason. Where a verdict faults nothing, as of a device that fell silent or waits, its site:
    /// what falls silent together stands together.
    /// </summary>
    public static AlertCause Of(DeviceEntry entry, string look)
        => entry.Fault is { } fault && look is Looks.Contraindicated or Looks.Warning ? new($"{fault} is not as expected", null) : OfSite(entry);

    /// <summary>Of what an alarm tells (<see cref="Twins.EventKind.Alarm"/>): its kind, without numbers.</summary>
    public static AlertCause OfAlarm(string text)
        => text.Contains(" never came", StringComparison.Ordinal) ? new("verdicts on peers went missing", null)
            : text.Contains("doubted", StringComparison.Ordinal) ? new("its verdicts contradict those of others", null)
            : new(Grammar.Fit(text.Split(':', 2)[0]), null);

    private static AlertCause OfSite(DeviceEntry entry) => entry.Site.Length == 0 ? new("without a site", null) : new($"site {entry.Site}", entry.Site);
}
