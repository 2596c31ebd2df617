namespace TrustMesh.Dashboard.Model;

/// <summary>One peer in the picture of a device's peers.</summary>
/// <param name="Look">How the peer itself is drawn everywhere: its own standing and proof.</param>
/// <param name="Said">The look of the examination between the two: what one of them said of the other.</param>
/// <param name="Doubted">Whoever said it keeps contradicting the others; it moves nothing.</param>
/// <param name="Y">The middle of its line, in pixels from the top.</param>
public sealed record PeerPlace(string Id, string Name, string Look, string Said, bool Doubted, int Y);
