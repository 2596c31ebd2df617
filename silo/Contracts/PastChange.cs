namespace TrustMesh.Contracts;

/// <summary>After this line of the log a device looked different.</summary>
/// <param name="Look">After it.</param>
/// <param name="Kind">As of a <see cref="LogEntryView"/>, likewise the rest.</param>
public sealed record PastChange(DateTimeOffset At, string Device, string Look, string Kind, string Text, string Actor);
