using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Alerts;
using TrustMesh.Trust.Keys;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Webhooks;

/// <summary>Where alerts are told, and what was told: rows, so that all silos have the same. Secrets are sealed, and given away once (attack A47). Thread-safe.</summary>
/// <param name="isolated">Told kind, id and reason of a row that cannot be read.</param>
public sealed class WebhookBook(IRecordStore store, SecretSeal seal, string mesh, RandomNumberGenerator random, Action<string, string, string> isolated, TimeProvider time)
{
    /// <summary>Webhooks of one mesh (attack A42).</summary>
    public const int Most = 20;

    /// <summary>Messages that are kept of each.</summary>
    public const int MostDeliveries = StoredBox.Most;

    /// <summary>How long the secret before signs beside the new one.</summary>
    public static readonly TimeSpan Rotates = TimeSpan.FromHours(24);

    private const string Prefix = "whsec_";
    private const int SecretSize = 32, Tries = 20;

    private readonly AlertRows<StoredWebhook> hooks = new(store, "webhook", AlertJson.Default.StoredWebhook, isolated);
    private readonly AlertRows<StoredBox> boxes = new(store, "webhook-box", AlertJson.Default.StoredBox, isolated);

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<WebhookView>> ViewsAsync(CancellationToken cancellation)
    {
        var views = new List<WebhookView>();
        foreach (var (name, _, hook) in (await hooks.ListAsync(cancellation)).OrderBy(row => row.Id, StringComparer.Ordinal)) views.Add(View(name, hook, await BoxAsync(name, cancellation)));
        return views;
    }

    public async Task<WebhookView?> FindAsync(string name, CancellationToken cancellation)
        => await hooks.ReadAsync(name, cancellation) is (_, { } hook) ? View(name, hook, await BoxAsync(name, cancellation)) : null;

    /// <summary>What it was told and is still to be told, the newest first.</summary>
    public async Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(string name, CancellationToken cancellation)
        => [.. (await BoxAsync(name, cancellation)).Deliveries.Reverse().Select(one => one.View)];

    /// <summary>The caller has checked the values.</summary>
    /// <returns>The webhook with its secret, or why not.</returns>
    public async Task<(WebhookSecret? Made, string? Refused)> AddAsync(string name, string url, string severity, string by, CancellationToken cancellation, Telling<string>? tell = null)
    {
        var all = await hooks.ListAsync(cancellation);
        if (all.Any(row => row.Id == name)) return (null, $"There is a webhook {name} already; remove it first, or take another name.");
        if (all.Count >= Most) return (null, $"A mesh has at most {Most} webhooks; remove one that nobody needs.");
        var (secret, kept) = Fresh(name);
        var hook = new StoredWebhook(url, severity, kept, by, time.GetUtcNow());
        await hooks.ActAsync(name, 0, hook, tell?.Invoke(name), cancellation);
        return (new(View(name, hook, StoredBox.Empty), secret), null);
    }

    /// <summary>Another secret; the one there was signs too for a day. Null if there is no such webhook.</summary>
    public async Task<WebhookSecret?> RotateAsync(string name, CancellationToken cancellation, Telling<string>? tell = null)
    {
        var (version, before) = await hooks.ReadAsync(name, cancellation);
        if (before is null) return null;
        var (secret, kept) = Fresh(name);
        var after = before with { Secret = kept, Former = before.Secret, FormerUntil = time.GetUtcNow() + Rotates };
        await hooks.ActAsync(name, version, after, tell?.Invoke(name), cancellation);
        return new(View(name, after, await BoxAsync(name, cancellation)), secret);
    }

    /// <summary>Removes it with what it was still to be told. Null if there is none.</summary>
    public async Task<WebhookView?> RemoveAsync(string name, CancellationToken cancellation, Telling<Uri>? tell = null)
    {
        var (version, hook) = await hooks.ReadAsync(name, cancellation);
        if (hook is null) return null;
        await hooks.ActAsync(name, version, null, tell?.Invoke(new(hook.Url)), cancellation);
        var (boxed, box) = await boxes.ReadAsync(name, cancellation);
        if (boxed > 0) await boxes.TidyAsync(name, boxed, cancellation);
        return View(name, hook, box ?? StoredBox.Empty);
    }

    /// <summary>Puts a message into its box that says nothing but that it arrived; its id, or null if there is no such webhook.</summary>
    public async Task<string?> TestAsync(string name, CancellationToken cancellation, Telling<string>? tell = null)
    {
        if (await hooks.ReadAsync(name, cancellation) is not (_, not null)) return null;
        var delivery = CloudEvent.Test(mesh, name, random, time.GetUtcNow());
        await ChangeAsync(name, box => box.With(delivery), cancellation, tell);
        return delivery.Id;
    }

    /// <summary>Tries a message once more that ended, with the same id. False if there is none, or it still waits.</summary>
    public async Task<bool> ResendAsync(string name, string id, CancellationToken cancellation, Telling<string>? tell = null)
    {
        var again = false;
        await ChangeAsync(name, box => box.Replace(id, one =>
        {
            again = !one.IsWaiting;
            return again ? one with { State = StoredDelivery.IsStillTried, Attempts = 0, NextAt = time.GetUtcNow() } : one;
        }), cancellation, tell is null ? null : hook => again ? tell(hook) : []);
        return again;
    }

    internal async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellation) => [.. (await hooks.ListAsync(cancellation)).Select(row => row.Id)];

    /// <summary>Into the boxes of those that want it.</summary>
    internal async Task OfferAsync(AlertView alert, string what, CancellationToken cancellation)
    {
        foreach (var (name, _, hook) in await hooks.ListAsync(cancellation))
        {
            if (AlertBook.Urgency(alert.Severity) > AlertBook.Urgency(hook.Severity)) continue;
            var delivery = CloudEvent.Of(mesh, alert, what, time.GetUtcNow());
            await ChangeAsync(name, box => box.With(delivery), cancellation);
        }
    }

    /// <summary>What is next to be tried, and once it is due signed; null if nothing waits, or there is no such webhook.</summary>
    internal async Task<(string Id, TimeSpan In, WebhookCall? Call)?> NextAsync(string name, CancellationToken cancellation)
    {
        if (await hooks.ReadAsync(name, cancellation) is not (_, { } hook)) return null;
        if ((await BoxAsync(name, cancellation)).Waiting.MinBy(one => one.NextAt) is not { } next) return null;
        var now = time.GetUtcNow();
        if (next.NextAt > now) return (next.Id, next.NextAt.Value - now, null);
        var secrets = new List<byte[]>();
        if (seal.Open(hook.Secret, name) is { } secret) secrets.Add(secret);
        if (hook.Former is not null && hook.FormerUntil > now && seal.Open(hook.Former, name) is { } former) secrets.Add(former);
        // Sealed by another authority key: nothing can be signed, and nothing is sent unsigned.
        return (next.Id, TimeSpan.Zero, secrets.Count == 0 ? null : WebhookCall.Sign(hook.Url, next.Id, now, next.Body, secrets));
    }

    /// <summary>What came of a try.</summary>
    internal Task RecordAsync(string name, string id, WebhookAnswer answer, double jitter, CancellationToken cancellation)
        => ChangeAsync(name, box => box.Replace(id, one => one.IsWaiting ? one.Tried(answer, time.GetUtcNow(), jitter) : one), cancellation);

    private async Task<StoredBox> BoxAsync(string name, CancellationToken cancellation) => (await boxes.ReadAsync(name, cancellation)).Value ?? StoredBox.Empty;

    private async Task ChangeAsync(string name, Func<StoredBox, StoredBox> change, CancellationToken cancellation, Telling<string>? tell = null)
    {
        for (var tries = 1; ; tries++)
        {
            var (version, box) = await boxes.ReadAsync(name, cancellation);
            var before = box ?? StoredBox.Empty;
            var after = change(before);
            if (ReferenceEquals(before, after)) return;
            try
            {
                await boxes.ActAsync(name, version, after, tell?.Invoke(name), cancellation);
                return;
            }
            catch (StaleRecordException) when (tries < Tries)
            {
                // Something was put in or came back at the same moment: look again.
                continue;
            }
        }
    }

    private (string Secret, byte[] Kept) Fresh(string name)
    {
        var secret = new byte[SecretSize];
        random.GetBytes(secret);
        return (Prefix + Convert.ToBase64String(secret), seal.Seal(secret, name));
    }

    private WebhookView View(string name, StoredWebhook hook, StoredBox box) => new(
        name, hook.Url, hook.Severity, hook.By, hook.At, box.Waiting.Count(), hook.FormerUntil > time.GetUtcNow() ? hook.FormerUntil : null,
        box.Deliveries.Where(one => one.TriedAt is not null).MaxBy(one => one.TriedAt)?.View);
}
