using System.Text.RegularExpressions;

namespace TrustMesh.Tests.Infra;

/// <summary>Whether a name or a text could be a secret that stands where everybody reads it (attack A45).</summary>
internal static partial class SecretWords
{
    /// <summary>A variable that carries a secret, not the name of the file that does.</summary>
    public static bool IsSecretName(string name) => Name().IsMatch(name) && !name.EndsWith("FILE", StringComparison.OrdinalIgnoreCase) && !PathOfKey().IsMatch(name);

    /// <summary>Long and without the shape of a path, an address or a word: a key or a password.</summary>
    public static bool LooksLikeSecret(string text)
        => text.Contains("-----BEGIN", StringComparison.Ordinal) || Credentials().IsMatch(text) || text.Split(' ', '"', '\'', '=', ',').Any(word => Random().IsMatch(word) && word.Any(char.IsDigit) && word.Any(char.IsLetter));

    [GeneratedRegex("SECRET|PASSWORD|TOKEN|KEY|CREDENTIAL|REDISCLI_AUTH|AZURITE_ACCOUNTS", RegexOptions.IgnoreCase)]
    private static partial Regex Name();

    [GeneratedRegex("^TRUSTMESH__(AUTHORITYKEY|OPERATORKEY)$", RegexOptions.IgnoreCase)]
    private static partial Regex PathOfKey();

    [GeneratedRegex("://[^/@ ]*:[^/@ ]+@")]
    private static partial Regex Credentials();

    [GeneratedRegex(@"^[A-Za-z0-9+_]{24,}=*$")]
    private static partial Regex Random();
}
