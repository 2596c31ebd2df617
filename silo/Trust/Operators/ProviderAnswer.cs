namespace TrustMesh.Trust.Operators;

/// <summary>What an identity provider answered when it was asked for a person again.</summary>
/// <param name="Person">For whom it vouches; null if it does not.</param>
/// <param name="RefreshToken">What to ask with the next time; null for the same as before.</param>
/// <param name="Refused">It says no, rather than nothing.</param>
/// <param name="Why">For the log, if it does not vouch.</param>
public sealed record ProviderAnswer(FederatedPerson? Person, string? RefreshToken, bool Refused, string Why)
{
    public static ProviderAnswer Vouches(FederatedPerson person, string? next) => new(person, next, false, "");

    public static ProviderAnswer Refuses(string why) => new(null, null, true, why);

    /// <summary>It cannot be reached, or does not answer as a provider would: that says nothing of the person.</summary>
    public static ProviderAnswer Silent(string why) => new(null, null, false, why);
}
