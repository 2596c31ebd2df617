namespace TrustMesh.Cli.Api;

/// <summary>
/// Content of the token file: silo address, or addresses with commas, to session. A token is only ever sent to the silos it was given for, whatever
/// <c>--silo</c> says.
/// </summary>
/// <param name="Last">The silo signed in to last; what <c>--silo</c> defaults to.</param>
internal sealed record SavedSessions(string? Last, Dictionary<string, SavedSession> Silos)
{
    public static SavedSessions None => new(null, []);

    /// <summary>With this session, which becomes the one used by default.</summary>
    public SavedSessions With(SiloAddresses silo, SavedSession session) => new(silo.ToString(), new(Silos) { [silo.ToString()] = session });
}
