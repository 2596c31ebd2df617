using System.Globalization;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Dashboard.Model;

/// <summary>Words and looks for what devices say of each other.</summary>
public static class EdgeText
{
    /// <summary>The look of a verdict by itself, whatever the subject's standing. Its time runs out by our clock, too: nobody sends word of that.</summary>
    public static string Look(string status, bool fresh, DateTimeOffset expires, DateTimeOffset now) => EdgeQuery.Look(status, fresh, expires, now);

    /// <summary>How the line of an examination is drawn, as Graph/edgeLook.ts does: good and warned solid, dashed where nothing counts, failed crossed.</summary>
    public static string Line(string look) => look switch
    {
        Looks.Trusted => "good",
        Looks.Warning => "warned",
        Looks.Contraindicated => "failed",
        _ => "dashed",
    };

    public static string Meaning(string look, string from, string to) => Say(look, NameText.Plain(from), NameText.Plain(to));

    /// <summary>One round in a sentence; the time in UTC, because the server does not know the reader's zone.</summary>
    public static string Round(EdgeRound round) => string.Create(
        CultureInfo.InvariantCulture,
        $"{round.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: {round.Status}, nonce {round.NonceAgeMs:N0} ms old{(round.Reason is null ? "" : $", {NameText.Plain(Digests.Short(round.Reason), 200)}")}");

    /// <summary>The look whose glyph a round borrows: what was said then.</summary>
    public static string RoundLook(EdgeRound round) => Looks.Of("active", round.Status, fresh: true);

    /// <summary>The graph with this edge selected.</summary>
    public static string Url(string from, string to) => $"/graph?edge={Uri.EscapeDataString(from)}~{Uri.EscapeDataString(to)}";

    private static string Say(string look, string from, string to) => look switch
    {
        Looks.Trusted => $"{to} proved itself to {from}, and the proof still counts.",
        Looks.Warning => $"{to} proved itself to {from}; something in the proof deserves a look.",
        Looks.Contraindicated => $"{to} failed the examination of {from}, which refuses it.",
        Looks.Stale => $"The last proof {to} gave {from} was good and has expired.",
        _ => $"{from} could not judge {to}: no proof, no policy, or nothing to compare with.",
    };
}
