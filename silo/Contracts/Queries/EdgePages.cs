namespace TrustMesh.Contracts.Queries;

/// <summary>All edges of an answer that comes in pages, for whoever asks a silo.</summary>
public static class EdgePages
{
    /// <summary>Edges of a mesh of a hundred thousand devices and more, and the pages they can come on: a silo whose pages have no end fills no memory (attack A42).</summary>
    public const int MostEdges = 1_000_000, MostPages = 1_000;

    /// <param name="device">Only edges from and to it; null for all. Likewise the query and the looks, with commas between.</param>
    /// <param name="ask">Asks for a page by its path, relative to /api/v1/.</param>
    /// <returns>Null if they have no end.</returns>
    public static async Task<IReadOnlyList<PeerEdge>?> AllAsync(string? device, string? query, string? looks, Func<string, Task<EdgePage>> ask)
    {
        var edges = new List<PeerEdge>();
        string? cursor = null;
        for (var pages = 0; pages < MostPages && edges.Count <= MostEdges; pages++)
        {
            var page = await ask(EdgeQuery.Path(device, query, looks, EdgeQuery.MostOfPage, cursor));
            edges.AddRange(page.Items);
            if (page.Next is null || page.Items.Count == 0) return edges;
            cursor = page.Next;
        }
        return null;
    }
}
