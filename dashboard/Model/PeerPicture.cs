using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>Where the picture of a device's peers draws whom: those who examine it on the left, those it examines on the right, the worst verdicts first.</summary>
/// <param name="AllExaminers">Out of how many the picture shows <paramref name="Examiners"/>.</param>
/// <param name="AllExamined">Out of how many it shows <paramref name="Examined"/>.</param>
/// <param name="Height">Pixels of the whole.</param>
/// <param name="Summary">The picture in a sentence, over all of them.</param>
public sealed record PeerPicture(IReadOnlyList<PeerPlace> Examiners, IReadOnlyList<PeerPlace> Examined, int AllExaminers, int AllExamined, int Height, string Summary)
{
    /// <summary>Peers on a side at most: more would hide the lists below, which have all.</summary>
    public const int MostOnASide = 24;

    /// <summary>Pixels of a line, and of the least picture: the device in the middle has its name below it.</summary>
    public const int Row = 30, Least = 96;

    /// <param name="device">Id of the one in the middle.</param>
    /// <param name="lookOf">Of a device by its id, as the feed tells it; null if nobody knows.</param>
    public static PeerPicture Of(string device, string name, IReadOnlyList<PeerEdge> edges, Func<string, string?> lookOf, DateTimeOffset now)
    {
        var (left, right) = (Side(true), Side(false));
        var height = Math.Max(Least, Math.Max(Math.Min(left.Count, MostOnASide), Math.Min(right.Count, MostOnASide)) * Row);
        return new(Places(left), Places(right), left.Count, right.Count, height, Say());

        List<PeerPlace> Side(bool examiners) =>
        [
            .. edges.Where(edge => (examiners ? edge.To : edge.From) == device)
                .Select(edge =>
                {
                    var (id, peer) = examiners ? (edge.From, edge.FromName) : (edge.To, edge.ToName);
                    return new PeerPlace(id, peer, lookOf(id) ?? Looks.Unproven, EdgeText.Look(edge.Status, edge.Fresh, edge.ExpiresAt, now), edge.Doubted, 0);
                })
                .OrderByDescending(place => LookText.Risk(place.Said)).ThenBy(place => place.Name, StringComparer.Ordinal),
        ];

        List<PeerPlace> Places(List<PeerPlace> side)
        {
            var top = (height - (Math.Min(side.Count, MostOnASide) * Row)) / 2;
            return [.. side.Take(MostOnASide).Select((place, at) => place with { Y = top + (at * Row) + (Row / 2) })];
        }

        string Say()
        {
            var who = NameText.Plain(name);
            return $"{(left.Count == 0 ? $"Nobody has examined {who}." : $"{Devices(left)} examined {who}: {Verdicts(left)}.")} {(right.Count == 0 ? "It has examined nobody." : $"It examined {Devices(right)}: {Verdicts(right)}.")}";
        }
    }

    private static string Devices(List<PeerPlace> side) => side.Count == 1 ? "1 device" : $"{side.Count} devices";

    private static string Verdicts(List<PeerPlace> side)
        => string.Join(", ", side.GroupBy(place => place.Said).OrderByDescending(group => LookText.Risk(group.Key)).Select(group => $"{group.Count()} {LookText.Label(group.Key).ToLowerInvariant()}"));
}
