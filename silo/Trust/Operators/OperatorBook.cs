using System.Security.Cryptography;
using System.Text.Json;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Operators;

/// <summary>
/// Who may sign in, and what each may do. Somebody is admin of the whole mesh at all times; whoever controls the machine of a silo can always get in
/// (<see cref="AdmitAsync"/>). Thread-safe.
/// </summary>
/// <param name="believed">How long the list is believed without a look into the store, where other silos change it too; null: this is the only one.</param>
/// <param name="trouble">Called with a sentence when the stored list cannot be read: nobody is let in then, and devices go on (attack A43).</param>
public sealed class OperatorBook(IRecordStore store, TimeProvider time, Action<string> trouble, TimeSpan? believed = null)
{
    private const string Kind = "operator-book", Id = "people";
    private const int MostPeople = 1000;

    private sealed record Held(IReadOnlyDictionary<string, StoredOperator> People, long Version, DateTimeOffset LookedAt);

    private Held held = new(new Dictionary<string, StoredOperator>(), 0, DateTimeOffset.MinValue);

    /// <summary>There is a list, whether it can be read or not.</summary>
    internal bool HasBegun => Volatile.Read(ref held).Version > 0;

    public Task LoadAsync(CancellationToken cancellation) => LookAsync(cancellation);

    /// <summary>Everybody, by name.</summary>
    public async Task<IReadOnlyList<OperatorEntry>> ListAsync(CancellationToken cancellation)
        => [.. (await NowAsync(cancellation)).People.Values.OrderBy(one => one.Name, StringComparer.Ordinal).Select(Entry)];

    /// <summary>Null if nobody has this name.</summary>
    public async Task<OperatorEntry?> ReadAsync(string name, CancellationToken cancellation) => await FindAsync(name, cancellation) is { } found ? Entry(found) : null;

    internal async ValueTask<StoredOperator?> FindAsync(string name, CancellationToken cancellation)
    {
        if ((await NowAsync(cancellation)).People.GetValueOrDefault(name) is { } known) return known;
        // Another silo may have put this person on the list a moment ago. Only who shows a session or a code of this name gets here (attack A42).
        return believed is null ? null : (await LookAsync(cancellation))?.People.GetValueOrDefault(name);
    }

    internal async ValueTask<StoredOperator?> FindByHandleAsync(string handle, CancellationToken cancellation)
        => (await NowAsync(cancellation)).People.Values.FirstOrDefault(one => one.Handle == handle);

    /// <summary>A new person; or nothing, if the person is there and nothing else is asked for.</summary>
    /// <param name="rights">Null: the person must be there.</param>
    /// <param name="tell">What the log is to say if the list changes; likewise of the other acts.</param>
    public Task<OperatorAct> InviteAsync(string name, OperatorRights? rights, string by, CancellationToken cancellation, Telling<OperatorAct>? tell = null) => ChangeAsync(name, (people, known) => (known, rights) switch
    {
        ({ Disabled: true }, _) => (null, OperatorAct.Not($"{name} is disabled; enable {name} first.")),
        ({ } there, null) => (there, new(null, false, there.Rights.Text, there.Rights.Text)),
        ({ } there, { } asked) when there.Rights.Text == asked.Text => (there, new(null, false, asked.Text, asked.Text)),
        ({ } there, { } asked) => (null, OperatorAct.Not($"{name} is {there.Rights.Text}, not {asked.Text}. Change the rights first, or ask for a code without naming a role.")),
        (null, null) => (null, OperatorAct.Nobody),
        (null, _) when people.Count >= MostPeople => (null, OperatorAct.Not($"There are {MostPeople} people already; remove somebody.")),
        (null, { } asked) => (New(name, asked, by), new(null, false, null, asked.Text)),
    }, cancellation, tell);

    public Task<OperatorAct> ChangeRightsAsync(string name, OperatorRights rights, CancellationToken cancellation, Telling<OperatorAct>? tell = null) => ChangeAsync(name, (people, known) => known switch
    {
        null => (null, OperatorAct.Nobody),
        { IsAdmin: true } when rights.Everywhere < OperatorRole.Admin && IsLast(people, name) => (null, OperatorAct.Not($"{name} is the last admin; make somebody else admin first.")),
        _ => (known with { Grants = rights.Grants }, new(null, false, known.Rights.Text, rights.Text)),
    }, cancellation, tell);

    public Task<OperatorAct> DisableAsync(string name, CancellationToken cancellation, Telling<OperatorAct>? tell = null) => ChangeAsync(name, (people, known) => known switch
    {
        null => (null, OperatorAct.Nobody),
        { Disabled: true } => (null, OperatorAct.Not($"{name} is disabled already.")),
        { IsAdmin: true } when IsLast(people, name) => (null, OperatorAct.Not($"{name} is the last admin; make somebody else admin first.")),
        _ => (known with { Disabled = true }, new(null, false, "enabled", "disabled")),
    }, cancellation, tell);

    public Task<OperatorAct> EnableAsync(string name, CancellationToken cancellation, Telling<OperatorAct>? tell = null) => ChangeAsync(name, (_, known) => known switch
    {
        null => (null, OperatorAct.Nobody),
        { Disabled: false } => (null, OperatorAct.Not($"{name} is not disabled.")),
        _ => (known with { Disabled = false }, new(null, false, "disabled", "enabled")),
    }, cancellation, tell);

    public Task<OperatorAct> RemoveAsync(string name, CancellationToken cancellation, Telling<OperatorAct>? tell = null) => ChangeAsync(name, (people, known) => known switch
    {
        null => (null, OperatorAct.Nobody),
        { IsAdmin: true } when IsLast(people, name) => (null, OperatorAct.Not($"{name} is the last admin; make somebody else admin first.")),
        _ => (null, new(null, false, known.Rights.Text + (known.Disabled ? ", disabled" : ""), null)),
    }, cancellation, tell);

    /// <summary>
    /// What a code of the machine itself brings, used or not listed, disabled or not: the person is there, and admin. Whoever can read the silo's files can do
    /// anything here anyway; a mesh without its last admin could do nothing.
    /// </summary>
    internal Task<OperatorAct> AdmitAsync(string name, CancellationToken cancellation, Telling<OperatorAct>? tell = null) => ChangeAsync(name, (_, known) => known is { IsAdmin: true }
        ? (known, new(null, false, known.Rights.Text, known.Rights.Text))
        : ((known ?? New(name, OperatorRights.Of(OperatorRole.Admin), "the machine")) with { Disabled = false, Grants = OperatorRights.Of(OperatorRole.Admin).Grants },
            new(null, false, known?.Rights.Text, "admin")), cancellation, tell);

    /// <summary>
    /// A person an identity provider vouches for, with the rights it gives now; found by who it is, not by what it is called. A name that somebody else has is
    /// not taken over: else whoever may choose their name there is whoever they want here.
    /// </summary>
    /// <param name="isNew">Whether they may be new: who only goes on is not put on the list again after somebody took them off.</param>
    internal async Task<(string Name, OperatorAct Act)> FederateAsync(
        string name, string subject, OperatorRights rights, bool isNew, CancellationToken cancellation, Telling<(string Name, OperatorAct Act)>? tell = null)
    {
        var known = (await LookAsync(cancellation))?.People.Values.FirstOrDefault(one => one.Subject == subject)?.Name ?? name;
        return (known, await ChangeAsync(known, (people, there) => there switch
        {
            null when !isNew => (null, OperatorAct.Not("they are on the list no more")),
            null when people.Values.Any(one => one.Subject == subject) => (null, OperatorAct.Not("somebody changed the list at the same moment")),
            null when people.Count >= MostPeople => (null, OperatorAct.Not($"there are {MostPeople} people already")),
            null => (New(known, rights, "the OpenID provider") with { Subject = subject }, new(null, false, null, rights.Text)),
            _ when there.Subject != subject => (null, OperatorAct.Not($"the name {known} is somebody else's here")),
            { Disabled: true } => (null, OperatorAct.Not($"{known} is disabled")),
            { IsAdmin: true } when rights.Everywhere < OperatorRole.Admin && IsLast(people, known) => (null, OperatorAct.Not($"{known} is the last admin, and the groups of now say less")),
            _ when there.Rights.Text == rights.Text => (there, new(null, false, rights.Text, rights.Text)),
            _ => (there with { Grants = rights.Grants }, new(null, false, there.Rights.Text, rights.Text)),
        }, cancellation, tell is null ? null : act => tell((known, act))));
    }

    /// <summary>People who had a session or a code before there was a list: they keep what they had.</summary>
    internal Task AdoptAsync(string name, OperatorRole role, CancellationToken cancellation) => ChangeAsync(name, (people, known) => known switch
    {
        null when people.Count < MostPeople => (New(name, OperatorRights.Of(role), "before"), new(null, false, null, null)),
        { CreatedBy: "before" } when known.Rights.Everywhere < role => (known with { Grants = OperatorRights.Of(role).Grants }, new(null, false, null, null)),
        _ => (known, new(null, false, null, null)),
    }, cancellation);

    private delegate (StoredOperator? After, OperatorAct Act) Step(IReadOnlyDictionary<string, StoredOperator> people, StoredOperator? known);

    private async Task<OperatorAct> ChangeAsync(string name, Step step, CancellationToken cancellation, Telling<OperatorAct>? tell = null)
    {
        while (true)
        {
            var now = await LookAsync(cancellation) ?? throw new IOException("The stored list of operators cannot be read.");
            var known = now.People.GetValueOrDefault(name);
            var (after, act) = step(now.People, known);
            if (act.Refused is not null || act.Missing || ReferenceEquals(after, known)) return act;
            var people = new Dictionary<string, StoredOperator>(now.People);
            if (after is null) people.Remove(name);
            else people[name] = after;
            var book = new StoredBook([.. people.Values.OrderBy(one => one.Name, StringComparer.Ordinal)]);
            try
            {
                await store.ActAsync(Kind, Id, now.Version, JsonSerializer.SerializeToUtf8Bytes(book, TrustJson.Default.StoredBook), tell?.Invoke(act) ?? [], cancellation);
                Hold(new(people, now.Version + 1, time.GetUtcNow()));
                return act;
            }
            catch (StaleRecordException)
            {
                // Somebody else changed the list at the same moment: decide on what it is now.
                continue;
            }
        }
    }

    private async ValueTask<Held> NowAsync(CancellationToken cancellation)
        => believed is { } span && time.GetUtcNow() - held.LookedAt > span ? await LookAsync(cancellation) ?? held : held;

    /// <summary>Reads the list; null if it cannot be read, and then nobody is on it.</summary>
    private async Task<Held?> LookAsync(CancellationToken cancellation)
    {
        var at = time.GetUtcNow();
        var row = await store.ReadAsync(Kind, Id, cancellation);
        try
        {
            var people = row is null ? [] : JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredBook)!.Operators;
            return Hold(new(people.ToDictionary(one => one.Name), row?.Version ?? 0, at));
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException or NullReferenceException)
        {
            trouble("The stored list of operators cannot be read, so nobody can sign in. Restore the row operator-book/people from a backup, or delete it: the next start's code lets an admin in.");
            Volatile.Write(ref held, new(new Dictionary<string, StoredOperator>(), row!.Version, at));
            return null;
        }
    }

    /// <summary>Unless a newer one is here already: looks overtake each other.</summary>
    private Held Hold(Held read)
    {
        while (true)
        {
            var before = Volatile.Read(ref held);
            if (before.Version > read.Version) return before;
            if (Interlocked.CompareExchange(ref held, read, before) == before) return read;
        }
    }

    private StoredOperator New(string name, OperatorRights rights, string by)
        => new(name, rights.Grants, false, time.GetUtcNow(), by, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));

    private static bool IsLast(IReadOnlyDictionary<string, StoredOperator> people, string name) => !people.Values.Any(one => one.Name != name && one.IsAdmin);

    private static OperatorEntry Entry(StoredOperator one) => new(one.Name, one.Rights, one.Disabled, one.CreatedAt, one.CreatedBy);
}
