using TrustMesh.Contracts;

namespace TrustMesh.Cli.Output;

/// <summary>A plan of a revocation, and what became of it, as text.</summary>
internal static class RevocationPrint
{
    private const int MostDevices = 50;

    public static void Plan(Printer printer, RevocationPlan plan)
    {
        printer.Facts([
            ("to revoke", Shown.Number(plan.Devices.Count)), ("revoked already", Shown.Number(plan.Already)), ("not yours", Shown.Number(plan.BeyondTotal)), ("digest", plan.Digest),
            ("lose their only examiners", Shown.Number(plan.Alone)), ($"keep one of the {plan.Promised} promised", Shown.Number(plan.BelowPromise)),
            ("fall below quorum", plan.Quorum == 0 ? "peers suspend nobody" : Shown.Number(plan.BelowQuorum)), ("second person", plan.SecondPerson ?? "not needed"),
        ]);
        printer.Heading(plan.Yours ? "These would be revoked:" : "These would be revoked by whoever may:");
        printer.Table(["ID", "NAME", "SITE", "STANDING", "LOOK"], plan.Devices.Take(MostDevices).Select(one => new[] { Shown.ShortId(one.Id), one.Name, one.Site, one.Standing, one.Look }));
        if (plan.Devices.Count > MostDevices) printer.Heading($"and {plan.Devices.Count - MostDevices} more; --dry-run --json has all.");
        if (plan.Yours && plan.Beyond.Count > 0)
        {
            printer.Heading("These stay, as they are not yours:");
            printer.Table(["ID", "NAME", "SITE", "NEEDS"], plan.Beyond.Take(MostDevices).Select(one => new[] { Shown.ShortId(one.Id), one.Name, one.Site, one.Missing }));
        }
        if (plan.Hits.Count > 0)
        {
            printer.Heading("These lose examiners:");
            printer.Table(["ID", "NAME", "SITE", "LOSS", "EXAMINERS", "LEFT", "THEN"],
                plan.Hits.Take(MostDevices).Select(one => new[] { Shown.ShortId(one.Id), one.Name, one.Site, one.Loss, Shown.Number(one.Examiners), Shown.Number(one.Left), one.Assigned is { } then ? Shown.Number(then) : "-" }));
        }
        if (plan.Sites.Count == 0) return;
        printer.Heading("Sites:");
        printer.Table(["SITE", "ACTIVE", "LEFT", "BELOW QUORUM", "AND STAY SO"], plan.Sites.Select(one => new[] { one.Site, Shown.Number(one.Active), Shown.Number(one.Left), Shown.Number(one.Falls), Shown.Number(one.Stays) }));
    }

    public static void Requests(Printer printer, IReadOnlyList<RevocationRequest> requests)
        => printer.Table(["ID", "STATE", "DEVICES", "SITES", "BY", "AT", "EXPIRES", "DECIDED BY", "REASON"], requests.Select(one => new[]
        {
            one.Id, one.State, Shown.Number(one.Devices), string.Join(", ", one.Sites), one.By, Shown.Time(one.At), one.State == "waiting" ? Shown.Time(one.ExpiresAt) : "-", one.DecidedBy ?? "-", one.Reason,
        }));

    public static void Act(Printer printer, RevocationAct act)
    {
        var request = act.Request;
        printer.Facts([
            ("request", request.Id), ("state", request.State), ("reason", request.Reason), ("asked by", request.By), ("asked at", Shown.Time(request.At)), ("digest", request.Digest),
            ("decided by", request.DecidedBy ?? "-"), ("note", request.Note ?? "-"), ("devices", Shown.Number(request.Devices)), ("revoked", request.Revoked is { } done ? Shown.Number(done) : "-"),
        ]);
        printer.Heading("Devices:");
        printer.Table(["ID", "NAME", "SITE", "OUTCOME", "WHY"], act.Devices.Select(one => new[] { Shown.ShortId(one.Id), one.Name, one.Site, one.Outcome, one.Why ?? "-" }));
    }
}
