namespace TrustMesh.Contracts;

/// <summary>Something that is quiet until a moment. An alert is silenced while every one of its devices is.</summary>
/// <param name="Id">16 hexadecimal digits.</param>
/// <param name="Query">Null: all devices.</param>
/// <param name="Rule">Null: every rule.</param>
public sealed record SilenceView(string Id, string? Query, string? Rule, DateTimeOffset Until, string Reason, string By, DateTimeOffset At);
