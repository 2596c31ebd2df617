using TrustMesh.Contracts;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>Which entries of the log somebody wants to see; null for any.</summary>
/// <param name="Kinds">Words of kinds.</param>
/// <param name="By">Within the actor, whatever the case.</param>
/// <param name="Text">Within the text or the device's name, whatever the case.</param>
internal sealed record LogFilter(IReadOnlyList<string>? Kinds, string? By, string? Device, string? Text, DateTimeOffset? Since, DateTimeOffset? Until)
{
    private static readonly string[] s_kinds = [.. Enum.GetValues<EventKind>().Select(EventKinds.Text), "unreadable"];

    /// <summary>What is wrong with it; null if nothing is.</summary>
    public string? Problem
        => Kinds?.FirstOrDefault(kind => !s_kinds.Contains(kind)) is { } unknown ? $"There are no entries of kind {Grammar.Fit(unknown)}; there are {string.Join(", ", s_kinds)}."
            : new[] { By, Device, Text }.Any(one => one?.Length > Caps.Text) ? $"by, device and text have at most {Caps.Text} characters."
            : Since > Until ? "since must not be after until." : null;

    public bool Takes(LogEntryView entry)
        => (Kinds is null || Kinds.Contains(entry.Kind)) && (By is null || Has(entry.Actor, By)) && (Device is null || entry.Device == Device)
            && (Text is null || Has(entry.Text, Text) || Has(entry.Name, Text)) && !(entry.At < Since) && !(entry.At > Until);

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
