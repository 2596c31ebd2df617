namespace TrustMesh.Contracts.Queries;

/// <summary>A value of a term, read for its field.</summary>
/// <param name="Text">As it was written, without quotes.</param>
/// <param name="Pattern">What it is as text; of a word the word it stands for.</param>
/// <param name="IsNone">The device has to have none.</param>
/// <param name="Span">Of an age or a time left.</param>
/// <param name="Number">Of a number.</param>
/// <param name="Version">Of a version without asterisk.</param>
public sealed record QueryValue(string Text, QueryPattern Pattern, bool IsNone, TimeSpan? Span, long? Number, VersionText? Version);
