namespace TrustMesh.Contracts;

/// <summary>Whether something signed still counts, in words beside its dates: nobody has to hold dates against a clock.</summary>
public static class Validity
{
    public const string Expired = "expired", Soon = "expires soon", Early = "not valid yet";

    /// <summary>A certificate that ends within it ends soon.</summary>
    public static TimeSpan CertificateSoon { get; } = TimeSpan.FromDays(30);

    /// <summary>A membership is renewed by any proof in its last 15 days: within this, the device has been silent for a week.</summary>
    public static TimeSpan MembershipSoon { get; } = TimeSpan.FromDays(7);

    /// <summary>Null where there is nothing to say: it counts, and goes on to, or nobody knows until when.</summary>
    /// <param name="soon">How long before the end it ends soon.</param>
    public static string? Word(DateTimeOffset? from, DateTimeOffset? until, DateTimeOffset now, TimeSpan soon)
        => from > now ? Early : until is not { } end ? null : end <= now ? Expired : end - now < soon ? Soon : null;
}
