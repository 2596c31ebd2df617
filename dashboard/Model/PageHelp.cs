namespace TrustMesh.Dashboard.Model;

/// <summary>What a page is for, and its keys: behind <c>?</c> on the page itself, and of all of them on the page of help.</summary>
/// <param name="Id">Of its place on the page of help.</param>
/// <param name="Path">Where it is; null if that takes an id.</param>
/// <param name="About">A few plain sentences.</param>
/// <param name="Keys">Its own; <see cref="Everywhere"/> has the others.</param>
public sealed record PageHelp(string Id, string? Path, string Title, string About, IReadOnlyList<KeyHelp> Keys)
{
    private static readonly KeyHelp s_tabs = new(["←", "→"], "from tab to tab, where one of them has the focus");

    private static readonly KeyHelp s_rows = new(["↑", "↓", "Page Up", "Page Down"], "through the rows, where the table has the focus");

    /// <summary>Keys that do the same on every page.</summary>
    public static IReadOnlyList<KeyHelp> Everywhere { get; } =
    [
        new(["?"], "this help, unless a text is being written"),
        new(["/"], "to the query, on pages that have one; ↓ and ↑ choose a way to go on, Enter takes it, Esc empties the box"),
        new(["Tab"], "at the start of a page: Enter then skips what all pages have"),
        new(["Esc"], "closes what opened above the page, and changes nothing"),
    ];

    public static IReadOnlyList<PageHelp> All { get; } =
    [
        new("overview", "/", "Overview", "How the mesh is: how many devices look how, the share that is trusted now, the oldest proof, the sites that are worst, and what has just changed.", []),
        new("graph", "/graph", "Trust graph",
            "Who vouches for whom, live. Shape, colour and words say how a device looks; the arc is the time its proof still counts. From far away there is one ring for each site, model or tier; "
            + "a site is laid out as a ring, in a grid, as a tree or by forces. No device moves because another one changed.",
            [
                new(["←", "→", "↑", "↓"], "walk to the nearest device or ring that way"),
                new(["Enter"], "open the selected ring or device; on an edge, go into its panel"),
                new(["F"], "only what is around the selected device"),
                new(["L"], "the next layout of a site: ring, grid, tree below the selected device, forces"),
                new(["E"], "the next edge of the selected device; with Shift the one before"),
                new(["Shift", "←", "→", "↑", "↓"], "in the ring of a site, move the selected device and pin it there, as dragging does; kept for you, and seen by you alone"),
                new(["P"], "pin the selected device where it is, or let it go back to its place"),
                new(["Esc"], "from an edge back to its device; else let go of the selection; else one level up, as Backspace"),
                new(["Space"], "pause and go on"),
                new(["+", "−", "0"], "zoom in, out, show everything"),
                new(["R"], "replay the past; , and . go to the change before and after"),
                new(["T"], "the same as a table"),
            ]),
        new("table", "/graph?view=table", "Trust graph as a table", "What the graph draws, in rows: devices, edges, or one row for each site, model or tier, the worst first. Everything the canvas says is here, too.", [s_rows]),
        new("devices", "/devices", "Devices", "Every device that a query finds. Headers sort, Columns has more of them, and what was found can be tagged, revoked or saved together.", [s_rows]),
        new("device", null, "A device", "Why one device is judged as it is, what it measured, who examined it and whom it examined, what happened to it, and its keys. What is for operators and approvers is done here.", [s_tabs]),
        new("alerts", "/alerts", "Alerts", "What fires now, by cause; what somebody took on or silenced; the rules by which alerts fire, and the webhooks that hear of them.", [s_tabs]),
        new("enrolment", "/enrolment", "Enrolment", "Who waits to be let in, with the chain of the hardware and whether it was here before; rules that let in without a person, and join tokens.", []),
        new("revocations", "/revocations", "Revocations", "Who was put out, by whom and why, how far the newest list has come, and requests that wait for a second person.", []),
        new("revoke", "/revocations/new", "Revoke devices", "Step by step: whom a query finds, what it costs the others, a reason and a typed confirmation. Nothing is sent before the last step.", []),
        new("policy", "/policy", "Policy", "What devices are judged by. A draft is tried on the last evidence of every device before it is signed; reference values are learned from devices that somebody looked at.", []),
        new("events", "/events", "Events", "What happens, as it happens, and the last of what did.", []),
        new("changes", "/changes", "What changed", "Two instants side by side: who looks different, after what, and by whom.", []),
        new("silos", "/silos", "Silos", "The silos of the mesh, what each does, and how they are.", []),
        new("log", "/log", "Log", "What was decided and seen, for ever. It can be verified in this browser, against the authority's signature and against what the browser kept.", []),
        new("settings", "/settings", "Settings", "One's own sign-in and sessions; for admins people and roles, and API tokens; and what dashboard and silo are made of.", [s_tabs]),
        new("help", "/help", "Help", "Every page in a few words, with its keys.", []),
    ];

    /// <param name="page">Of this dashboard.</param>
    /// <returns>Null for what is no page of it.</returns>
    public static PageHelp? Of(Uri page)
    {
        var path = page.AbsolutePath.TrimEnd('/');
        return path switch
        {
            "/graph" => Called(page.Query.Contains("view=table", StringComparison.Ordinal) ? "table" : "graph"),
            _ when path.StartsWith("/devices/", StringComparison.Ordinal) => Called("device"),
            _ when path.StartsWith("/revocations/requests/", StringComparison.Ordinal) => Called("revocations"),
            _ => All.FirstOrDefault(one => one.Path?.TrimEnd('/') == path),
        };
    }

    private static PageHelp Called(string id) => All.First(one => one.Id == id);
}
