using System.Text;
using TrustMesh.Trust.Keys;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Passkeys;
using TrustMesh.Trust.Records;

namespace TrustMesh.Tests.Trust.Federation;

/// <summary>One silo's desks over rows, a clock that a test moves, and a provider that gives each refresh token for one use.</summary>
internal sealed class FederationRig
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5), Grace = TimeSpan.FromMinutes(15);

    private readonly byte[] binding = new byte[32];

    public FederationRig(MemoryRecordStore? records = null, ManualTime? time = null, TimeSpan? believed = null)
    {
        (Records, Time) = (records ?? new(), time ?? new());
        Faulty = new(Records);
        Book = new(Faulty, Time, why => Assert.Fail(why), believed);
        Sessions = new(Faulty, Book, new(Time), Time, believed);
        Desk = new(Faulty, Book, Sessions, new(new byte[32]), Every, Grace, Time);
    }

    public MemoryRecordStore Records { get; }

    public FaultyRecordStore Faulty { get; }

    public ManualTime Time { get; }

    public OperatorBook Book { get; }

    public OperatorDesk Sessions { get; }

    public FederationDesk Desk { get; }

    /// <summary>The refresh token that counts; null once the provider has seen one twice.</summary>
    public string? Counts { get; set; }

    public List<string> Asked { get; } = [];

    public List<string> Told { get; } = [];

    public List<string> Failed { get; } = [];

    /// <summary>Of the groups, as the provider says now; null for none that counts.</summary>
    public OperatorRights? Rights { get; set; } = OperatorRights.Of(OperatorRole.Operator);

    public bool Down { get; set; }

    public bool Disabled { get; set; }

    /// <summary>Runs while the provider thinks.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    /// <summary>Changes what it answers.</summary>
    public Func<FederatedPerson, FederatedPerson> Change { get; set; } = one => one;

    public FederatedPerson Person(ReadOnlyMemory<byte> nonce) => new("https://id.example 1", "nora", Rights, nonce, Time.GetUtcNow() + TimeSpan.FromMinutes(2), "s1");

    /// <summary>Nora comes in; her session's token.</summary>
    public async Task<string> SignInAsync(bool refreshes = true)
    {
        var nonce = await Desk.BeginAsync("https://mesh.example", binding, default);
        Counts = refreshes ? "refresh-0" : null;
        var (signedIn, why) = await Desk.SignInAsync(Person(nonce), Counts, "https://mesh.example", binding, default);
        Assert.True(signedIn is not null, why);
        return signedIn.Token;
    }

    public async Task<OperatorIdentity?> WhoAsync(string token) => await Sessions.AuthenticateAsync(token, default);

    /// <summary>The clock moves, then the silo has its round.</summary>
    public async Task RoundAsync(TimeSpan by = default)
    {
        Time.Advance(by);
        await Desk.RenewAsync(AnswerAsync, _ => [], news => Told.Add($"{news.Name}: {news.What}"), Failed.Add, default);
    }

    public async Task<string> RowsAsync()
    {
        var rows = new StringBuilder();
        foreach (var row in await Records.ListAsync("operator-session", default)) rows.Append(Encoding.UTF8.GetString(row.Value.Span));
        return rows.ToString();
    }

    public async Task<ProviderAnswer> AnswerAsync(string token)
    {
        if (Down) return ProviderAnswer.Silent("down");
        Asked.Add(token);
        var counts = token == Counts && !Disabled;
        Counts = counts ? $"refresh-{Asked.Count}" : null;
        await Meanwhile();
        return counts ? ProviderAnswer.Vouches(Change(Person(default)), Counts) : ProviderAnswer.Refuses("invalid_grant");
    }
}
