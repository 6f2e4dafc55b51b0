// The job itself: which words stand in which files. It knows nothing of progress.

import Foundation

/// Every file below a folder, but for hidden ones and what builds leave behind.
func files(below folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let wanted = names.sorted().filter { !$0.hasPrefix(".") && $0 != "target" && $0 != "node_modules" }
    return wanted.flatMap { name -> [String] in
        let path = "\(folder)/\(name)"
        // A link may lead back up.
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        switch type {
        case .typeDirectory: return files(below: path)
        case .typeRegular: return [path]
        default: return []
        }
    }
}

/// In which files each word stands.
struct Index {
    private var filesByWord: [Substring: Set<Int>] = [:]

    /// Adds a file's words, unless it is not text.
    mutating func add(_ number: Int, _ file: String) {
        guard let data = FileManager.default.contents(atPath: file), let text = String(data: data, encoding: .utf8)
        else { return }
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            filesByWord[word, default: []].insert(number)
        }
    }

    /// How many different words there are.
    var words: Int { filesByWord.count }
}
