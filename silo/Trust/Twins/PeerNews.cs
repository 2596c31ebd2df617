namespace TrustMesh.Trust.Twins;

/// <summary>What peers have to say about one device.</summary>
/// <param name="Lines">For its timeline, each with the time of the verdict it tells of.</param>
/// <param name="Words">Every present word about it; empty where nobody says anything bad.</param>
/// <param name="Quorum">So many bad words suspend it; 0: never.</param>
public sealed record PeerNews(IReadOnlyList<TwinEvent> Lines, IReadOnlyList<PeerWord> Words, int Quorum);
