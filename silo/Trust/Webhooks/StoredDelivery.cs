using TrustMesh.Contracts;

namespace TrustMesh.Trust.Webhooks;

/// <summary>One message to one webhook.</summary>
/// <param name="Body">The bytes that are signed and sent, the same each time.</param>
internal sealed record StoredDelivery(
    string Id, string Type, string Subject, DateTimeOffset At, byte[] Body, string State, int Attempts = 0, int? Status = null, string? Error = null, int? Milliseconds = null,
    DateTimeOffset? TriedAt = null, DateTimeOffset? NextAt = null)
{
    internal const string IsStillTried = "waiting", Delivered = "delivered", Failed = "failed", Dropped = "dropped";

    internal bool IsWaiting => State == IsStillTried;

    internal WebhookDelivery View => new(Id, Type, Subject, At, State, Attempts, Status, Error, Milliseconds, TriedAt, NextAt);

    /// <summary>After a try.</summary>
    /// <param name="jitter">0..1.</param>
    internal StoredDelivery Tried(WebhookAnswer answer, DateTimeOffset now, double jitter)
    {
        var tried = this with { Attempts = Attempts + 1, Status = answer.Status, Error = answer.Error, Milliseconds = answer.Milliseconds, TriedAt = now, NextAt = null };
        if (answer.Error is null) return tried with { State = Delivered };
        return !answer.IsFinal && Retries.After(tried.Attempts, jitter) is { } wait ? tried with { NextAt = now + wait } : tried with { State = Failed };
    }
}
