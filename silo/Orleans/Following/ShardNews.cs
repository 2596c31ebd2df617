namespace TrustMesh.Orleans.Following;

/// <summary>Changes of one shard after a number.</summary>
/// <param name="To">The number of the last of them.</param>
/// <param name="Gap">What came after the number asked for is gone: take the whole, page by page, and go on from <paramref name="To"/>.</param>
public sealed record ShardNews(long To, bool Gap, ShardItem[] Items);
