using System.Text.Json.Serialization;

namespace TrustMesh.Contracts;

/// <summary>One page of edges, by names; <paramref name="Next"/> is the cursor of the next page, null at the end.</summary>
/// <param name="Total">How many there are on all pages.</param>
[JsonConverter(typeof(EdgePageJson))]
public sealed record EdgePage(IReadOnlyList<PeerEdge> Items, string? Next, int Total);
