using TrustMesh.Contracts;
using TrustMesh.Tests.Trust.Acts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Tests.Trust.Operators;

/// <summary>Making and revoking a token, each of whose four writes fails once before and once after it was written: the token and its line are there once, or neither is.</summary>
public sealed class ApiTokenFaultTests : IAsyncLifetime
{
    private ActBench bench = null!;

    public static TheoryData<string, int, bool> Faults()
    {
        var table = new TheoryData<string, int, bool>();
        foreach (var act in (string[])["make", "make again", "revoke"])
            for (var write = 1; write <= 4; write++)
            {
                table.Add(act, write, false);
                table.Add(act, write, true);
            }
        return table;
    }

    public async ValueTask InitializeAsync() => bench = await ActBench.StartAsync(null);

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Theory, MemberData(nameof(Faults))]
    public async Task An_act_on_a_token_and_its_line_are_one(string act, int write, bool persisted)
    {
        var (desk, book) = Desk(bench.NewSilo());
        await book.InviteAsync("ann", OperatorRights.Of(OperatorRole.Admin), "the machine", default);
        string? first = null;
        if (act != "make") first = (await MakeAsync(desk, "first")).Secret!;
        if (act == "make again") await desk.RevokeAsync("ci", "ann", default, _ => bench.Line("ended"));
        var before = await bench.LinesAsync();
        bench.Store.Fail(write, persisted);
        string? second = null;
        try
        {
            if (act == "revoke") await desk.RevokeAsync("ci", "ann", default, _ => bench.Line(act));
            else second = (await MakeAsync(desk, act)).Secret;
            // A head that was written unheard is found by the log itself.
            Assert.Equal((3, true), (write, persisted));
        }
        catch (IOException)
        {
            Assert.Null(second);
        }

        // The process is gone; another one begins.
        var rows = bench.NewSilo();
        await rows.SweepAsync(default);
        var (again, people) = Desk(rows);
        await people.LoadAsync(default);
        await again.LoadAsync(default);
        var happened = write > 1 || persisted;
        Assert.Equal([.. before, .. happened ? new[] { act } : []], await bench.LinesAsync());
        var view = (await again.ListAsync(default)).SingleOrDefault();
        Assert.Equal((act, happened) switch { ("make", false) => null, ("make again", false) or ("revoke", true) => ApiTokenView.Revoked, _ => ApiTokenView.Active }, view?.State);
        if (first is not null) Assert.Equal(act == "revoke" && !happened, (await again.AuthenticateAsync(first, default)).Identity is not null);
        if (second is not null) Assert.NotNull((await again.AuthenticateAsync(second, default)).Identity);
    }

    private (ApiTokenDesk Desk, OperatorBook Book) Desk(IRecordStore rows)
    {
        var book = new OperatorBook(rows, bench.Time, why => Assert.Fail(why));
        return (new(rows, book, new(bench.Time), why => Assert.Fail(why), bench.Time, ApiTokenRig.Believed), book);
    }

    private Task<ApiTokenAct> MakeAsync(ApiTokenDesk desk, string line)
        => desk.MakeAsync("ci", OperatorRights.Of(OperatorRole.Viewer), ApiTokenDesk.Usual, "ann", default, _ => bench.Line(line));
}
