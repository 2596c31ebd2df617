namespace TrustMesh.Contracts.Queries;

/// <summary>All fields of the language, in the order in which they are offered.</summary>
public static class QueryFields
{
    /// <summary>In place of a value: the device has none.</summary>
    public const string None = "none";

    public static IReadOnlyList<QueryField> All { get; } =
    [
        new("status", QueryKind.Word, "how it looks now", "status:failed", Looks.All, ["look"])
        {
            Text = static (in DeviceFacts device) => device.Look,
            Synonyms = new Dictionary<string, string> { ["failed"] = Looks.Contraindicated, ["unknown"] = Looks.Unproven },
        },
        new("site", QueryKind.Text, "where it stands", "site:oslo", [], []) { Text = static (in DeviceFacts device) => device.Site },
        new("tier", QueryKind.Word, "what its proofs rest on", "tier:software", ["tpm-quote", "hardware-key", "guardian", "software"], ["root"]) { Text = static (in DeviceFacts device) => device.Tier },
        new("model", QueryKind.Text, "what it is", "model:camera", [], []) { Text = static (in DeviceFacts device) => device.Model },
        new("tag", QueryKind.Texts, "how people tagged it", "tag:lab", [], ["tags"]) { Texts = static (in DeviceFacts device) => device.Tags },
        new("age", QueryKind.Age, "time since its last proof", "age>10m", [], ["proven"]) { Moment = static (in DeviceFacts device) => device.ProvenAt },
        new("expires", QueryKind.Left, "time its proof still counts", "expires<5m", [], []) { Moment = static (in DeviceFacts device) => device.ExpiresAt },
        new("since", QueryKind.Age, "time since its verdict changed", "since<1h", [], []) { Moment = static (in DeviceFacts device) => device.Since },
        new("enrolled", QueryKind.Age, "time since it joined", "enrolled<7d", [], []) { Moment = static (in DeviceFacts device) => device.EnrolledAt },
        new("fw", QueryKind.Version, "firmware of its TPM", "fw<7.85", [], ["firmware"]) { Text = static (in DeviceFacts device) => device.Firmware },
        new("agent", QueryKind.Version, "version of its runtime", "agent<0.2", [], ["software", "version"]) { Text = static (in DeviceFacts device) => device.Agent },
        new("policy", QueryKind.Number, "policy it was judged by", "policy<4", [], []) { Number = static (in DeviceFacts device) => device.Policy },
        new("standing", QueryKind.Word, "what people decided", "standing:pending", ["pending", "active", "suspended", "revoked"], []) { Text = static (in DeviceFacts device) => device.Standing },
        new("name", QueryKind.Text, "its name", "name:press*", [], []) { Text = static (in DeviceFacts device) => device.Name },
        new("id", QueryKind.Id, "start of its id", "id:ubuvjq", [], []) { Text = static (in DeviceFacts device) => device.Id },
    ];

    /// <summary>The field with that name or alias, in whatever case; null if there is none.</summary>
    public static QueryField? Find(ReadOnlySpan<char> name)
    {
        foreach (var field in All)
        {
            if (name.Equals(field.Name, StringComparison.OrdinalIgnoreCase)) return field;
            foreach (var alias in field.Aliases)
                if (name.Equals(alias, StringComparison.OrdinalIgnoreCase)) return field;
        }
        return null;
    }
}
