using TrustMesh.Contracts;
using TrustMesh.Tests.Agent;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;

namespace TrustMesh.Tests.Trust.Operators;

/// <summary>One silo's people and API tokens over rows, a clock that a test moves, and what it complained of.</summary>
internal sealed class ApiTokenRig
{
    public static readonly TimeSpan Believed = TimeSpan.FromSeconds(2);

    public ApiTokenRig(IRecordStore? records = null, ManualTime? time = null)
    {
        (Time, Faulty) = (time ?? new(), new(records ?? new MemoryRecordStore()));
        Records = records ?? Faulty;
        Book = new(Faulty, Time, why => Assert.Fail(why), Believed);
        Desk = new(Faulty, Book, new(Time), Told.Add, Time, Believed);
    }

    public IRecordStore Records { get; }

    public FaultyRecordStore Faulty { get; }

    public ManualTime Time { get; }

    public OperatorBook Book { get; }

    public ApiTokenDesk Desk { get; }

    public List<string> Told { get; } = [];

    /// <summary>Another silo over the same rows, at the same time.</summary>
    public ApiTokenRig Beside() => new(Records, Time);

    /// <summary>With two admins, ann and bob.</summary>
    public async Task<ApiTokenRig> PeopledAsync()
    {
        foreach (var name in (string[])["ann", "bob"]) await Book.InviteAsync(name, OperatorRights.Of(OperatorRole.Admin), "the machine", default);
        return this;
    }

    public async Task<string> MakeAsync(string name, TimeSpan? life = null, OperatorRole role = OperatorRole.Viewer)
    {
        var act = await Desk.MakeAsync(name, OperatorRights.Of(role), life ?? ApiTokenDesk.Usual, "ann", default);
        Assert.True(act.Secret is not null, act.Refused);
        return act.Secret;
    }

    public async Task<OperatorIdentity?> WhoAsync(string text) => (await Desk.AuthenticateAsync(text, default)).Identity;

    public async Task<string?> WhyAsync(string text)
    {
        var answer = await Desk.AuthenticateAsync(text, default);
        Assert.Null(answer.Identity);
        return answer.Why;
    }

    public async Task<ApiTokenView> ViewAsync(string name) => Assert.Single(await Desk.ListAsync(default), one => one.Name == name);

    /// <summary>The row of a token is what it should be, which happens behind the request that used it.</summary>
    public Task UsedAsync(string name, DateTimeOffset at) => Eventually.TrueAsync(async () => (await ViewAsync(name)).UsedAt == at, $"the use of {name} to be written down");
}
